"""The Prometheus and Alertmanager binaries the tests run on, in every version this machine offers."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".tools"
MANIFEST = CACHE / "manifest.json"

SYSTEM = "system"
SUITES = ("trixie", "sid")
LEGS = (SYSTEM, *SUITES)

BINARIES: Mapping[str, tuple[str, ...]] = {
    "prometheus": ("prometheus",),
    "promtool": ("promtool",),
    "alertmanager": ("prometheus-alertmanager", "alertmanager"),  # Debian's name first, then upstream's
    "amtool": ("amtool",),
}


@dataclass(frozen=True)
class Tool:
    name: str
    version: str
    path: Path
    leg: str = SYSTEM

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.leg})"


@dataclass(frozen=True)
class Missing:
    name: str
    reason: str
    leg: str = SYSTEM

    def __str__(self) -> str:
        return f"not available: {self.leg} {self.name}: {self.reason}"


Entry = Tool | Missing


def probe(name: str, path: Path, leg: str) -> Entry:
    """Ask the binary for its version: one that does not start is missing, with its own last words as the reason."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Missing(name, f"does not start: {error}", leg)
    said = answer.stdout + answer.stderr  # 2.42 prints its version on stdout, others have used stderr
    if answer.returncode or not (found := re.search(r"version (\d+\.\d+\.\d+)", said)):
        return Missing(name, f"does not start: {next(reversed(said.strip().splitlines()), answer.returncode)}", leg)
    return Tool(name, found[1], path, leg)


def on_path() -> tuple[Entry, ...]:
    return tuple(_look_up(name, candidates) for name, candidates in BINARIES.items())


def _look_up(name: str, candidates: Iterable[str]) -> Entry:
    paths = [found for candidate in candidates if (found := shutil.which(candidate))]
    return probe(name, Path(paths[0]), SYSTEM) if paths else Missing(name, "not on PATH")


def dump(entries: Iterable[Entry], root: Path = ROOT) -> str:
    """Render the manifest; binaries inside the checkout are named relative to it, so it may move."""
    rows = []
    for entry in entries:
        row = asdict(entry)
        if isinstance(entry, Tool):
            row["path"] = str(entry.path.relative_to(root) if entry.path.is_relative_to(root) else entry.path)
        rows.append(row)
    return json.dumps(rows, indent=2) + "\n"


def parse(text: str, root: Path = ROOT) -> tuple[Entry, ...]:
    """Read a manifest back; a binary that has gone since is missing."""
    return tuple(_entry(row, root) for row in json.loads(text))


def _entry(row: Mapping[str, str], root: Path) -> Entry:
    name, leg = row["name"], row["leg"]
    if "reason" in row:
        return Missing(name, row["reason"], leg)
    path = root / row["path"]
    if not path.is_file():
        return Missing(name, f"{row['path']} is gone, run `make -B tools`", leg)
    return Tool(name, row["version"], path, leg)


def entries() -> tuple[Entry, ...]:
    """Every leg of the matrix; without a manifest what PATH holds, and the other legs as missing."""
    if MANIFEST.is_file():
        return parse(MANIFEST.read_text())
    never = (Missing(name, "`make tools` has not run", suite) for suite in SUITES for name in BINARIES)
    return (*on_path(), *never)


def matrix(name: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries() if entry.name == name)


def _tools(name: str) -> tuple[Tool, ...]:
    return tuple(entry for entry in matrix(name) if isinstance(entry, Tool))


def promtools() -> tuple[Tool, ...]:
    return _tools("promtool")


def prometheis() -> tuple[Tool, ...]:
    return _tools("prometheus")


def alertmanagers() -> tuple[Tool, ...]:
    return _tools("alertmanager")


def amtools() -> tuple[Tool, ...]:
    return _tools("amtool")


def missing() -> tuple[str, ...]:
    return tuple(str(entry) for entry in entries() if isinstance(entry, Missing))
