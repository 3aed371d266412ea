"""The example that is shipped, in a folder of its own.

`python -m tests.exporters.agent.example` writes the golden page.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.toolchain import ROOT
from tests.exporters.agent.desk import Desk
from watchbill_exporters.agent.catalogue import CATALOGUE, operations, quality, records, streams

EXAMPLE = ROOT / "examples" / "agent"
GOLDEN = Path(__file__).parent / "goldens" / "example.txt"
TOKEN = "odd-token-7531"  # noqa: S105 - of the tests only
OURS = {f.name for module in (streams, quality, operations, records) for f in module.FAMILIES}
OURS |= {f.name for f in (*CATALOGUE.files, *CATALOGUE.state)}


def unpack(folder: Path) -> Path:
    """Copy the example, give it a token, and return its config."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / "incidents.token").write_text(TOKEN)
    return folder / "watchbill-agent.yaml"


def page(folder: Path) -> str:
    """Return what the example shows once all of it was read, of the families that come from files."""
    with Desk(folder, file=unpack(folder)) as desk:
        desk.tick()
        desk.hub.keeper.save()
        return "".join(line for line in desk.page().splitlines(keepends=True) if _family(line) in OURS)


def _family(line: str) -> str:
    name = line.split()[2] if line.startswith("#") else line.partition("{")[0].partition(" ")[0]
    for suffix in ("_bucket", "_count", "_sum"):
        if name not in OURS:
            name = name.removesuffix(suffix)
    return name if name in OURS or f"{name}_total" not in OURS else f"{name}_total"


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(page(Path(scratch)), encoding="utf-8")
