"""Who generates, and how: write a spec, the commands that check it and make rules of it, where the rules end up."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generation import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Command = tuple[str | Path, ...]

BIN = Path(sys.executable).parent
SPEC = "spec.yaml"
OUT = "out"


@dataclass(frozen=True)
class Subject:
    """One generator; `commands` and `write` are given a folder of their own."""

    name: str
    write: Callable[[Path, int], None]
    commands: Callable[[Path], Mapping[str, Command]]


def _watchbill(folder: Path) -> Mapping[str, Command]:
    spec, tool = folder / SPEC, BIN / "watchbill"
    out = folder / OUT
    return {"check": (tool, "check", spec), "generate": (tool, "generate", spec, "--out", out, "--only", "rules")}


def _slo_kit(folder: Path) -> Mapping[str, Command]:
    spec, tool = folder / SPEC, BIN / "slo-kit"
    (folder / OUT).mkdir(exist_ok=True)
    out = folder / OUT / "rules.yml"
    return {"check": (tool, "validate", spec), "generate": (tool, "gen-alerts", spec, "--out", out)}


def _slo_guard(folder: Path) -> Mapping[str, Command]:
    drive = (sys.executable, "-m", "benchmarks.generation.drive_slo_guard")
    return {"generate": (*drive, folder / SPEC, folder / OUT)}


OURS = Subject("Watchbill", specs.watchbill, _watchbill)
OTHERS = (
    Subject("slokit-sre", specs.slo_kit, _slo_kit),
    Subject("slo-guard", specs.slo_guard, _slo_guard),
)


def rules_made(folder: Path) -> int:
    """Count the rules in everything a subject wrote."""
    texts = (path.read_text(encoding="utf-8") for path in (folder / OUT).rglob("*.yml"))
    return sum(line.lstrip(" -").startswith(("alert:", "record:")) for text in texts for line in text.splitlines())
