"""The specs whose bundles are proven, each rendered once."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from lab.toolchain import ROOT, Tool
from watchbill.load import load
from watchbill.plan import build
from watchbill.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from watchbill.model import Plan

SPECS = {
    "reference": ROOT / "watchbill.yaml",
    "http": ROOT / "generator" / "watchbill" / "examples" / "http.yaml",
    "shapes": ROOT / "tests" / "bundle" / "shapes.yaml",
    "native": ROOT / "tests" / "bundle" / "native.yaml",
}


@cache
def plan_of(name: str) -> Plan:
    return build(load([SPECS[name]]).document)


@cache
def files_of(name: str) -> dict[str, str]:
    """Return the bundle's files by path."""
    return {path: text for target in TARGETS for path, text in target.render(plan_of(name))}


def written(name: str, folder: Path) -> Path:
    for path, text in files_of(name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def complaints(tool: Tool, folder: Path, unit: str = "*") -> list[str]:
    """Run promtool's checks, and every test file of a bundle or of one of its units; return what it complains of."""
    jobs: list[Sequence[str | Path]] = [
        [tool.path, "check", "rules", "--lint=all", "--lint-fatal", *sorted(folder.glob(files))]
        for files in ("alerts/rules/*.yml", "alerts/backfill/*/*.yml")
    ]
    tests = sorted(folder.glob(f"alerts/tests/{unit}.*_test.yml"))
    assert tests
    jobs += [[tool.path, "test", "rules", path] for path in tests]
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        return [answer for answer in pool.map(_complaint, jobs) if answer]


def _complaint(arguments: Sequence[str | Path]) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=900, check=False)
    failed = done.returncode != 0 or "FAILED" in done.stdout
    return f"{arguments[-1]}: {(done.stdout + done.stderr)[:1500]}" if failed else ""
