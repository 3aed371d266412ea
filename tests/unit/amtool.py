"""Questions to a real amtool."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lab.toolchain import Tool


def complaint(tool: Tool, config: Path) -> str:
    """Return what check-config says of a configuration; empty where all is well."""
    done = subprocess.run(
        [tool.path, "check-config", config.name], capture_output=True, text=True, check=False, cwd=config.parent
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[:2000]


def misrouted(tool: Tool, config: Path, wanted: Iterable[tuple[Mapping[str, str], tuple[str, ...]]]) -> list[str]:
    """Return what `config routes test` says of label sets that do not go where they are wanted to."""
    with ThreadPoolExecutor(2) as workers:
        answers = workers.map(lambda one: _routed(tool, config, *one), wanted)
        return [said for said in answers if said]


def _routed(tool: Tool, config: Path, labels: Mapping[str, str], to: tuple[str, ...]) -> str:
    told = [f"{name}={quoted(value)}" for name, value in labels.items()]
    asked = [
        str(tool.path),
        "config",
        "routes",
        "test",
        f"--config.file={config}",
        f"--verify.receivers={','.join(to)}",
    ]
    done = subprocess.run([*asked, *told], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{told}: {(done.stdout + done.stderr)[:300]}"


def routed(tool: Tool, config: Path, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return who gets a label set."""
    told = [f"{name}={quoted(value)}" for name, value in labels.items()]
    asked = [str(tool.path), "config", "routes", "test", f"--config.file={config}", *told]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return tuple(name.strip() for name in done.stdout.strip().split(","))


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def rendered(tool: Tool, template: Path, name: str, data: Mapping[str, object], folder: Path) -> str:
    """Return what `template render` makes of a named template."""
    facts = folder / "data.json"
    facts.write_text(json.dumps(data), encoding="utf-8")
    call = f'{{{{ template "{name}" . }}}}'
    flags = [f"--template.glob={template}", f"--template.text={call}", f"--template.data={facts}"]
    done = subprocess.run([tool.path, "template", "render", *flags], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
