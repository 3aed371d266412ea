"""What the recipe shows is taken: configs of the exporter and of restore-test, and the commands of the units."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lab.toolchain import ROOT
from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.backup.restore import plan
from watchbill_exporters.cli import main
from watchbill_exporters.core.config.resolve import settings

RECIPE = (ROOT / "docs/recipes/backups.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", RECIPE, re.DOTALL)
COMMANDS = re.findall(r"^ExecStart=(.*)$", RECIPE, re.MULTILINE)


def local(block: str, folder: Path) -> Path:
    """Write a config with its passwords and folders below `folder`."""
    for name in ("restic", "borg", "agents", "restore"):
        (folder / f"{name}.password").write_text("odd-phrase-7531")
    for name in ("backup", "watchbill-restore"):
        (folder / name).mkdir(exist_ok=True)
    text = re.sub(r"/(?:etc|var/lib|var/tmp)(?:/watchbill)?/(?=restic|borg|agents|restore|backup|watchbill)", "", block)
    path = folder / "config.yaml"
    path.write_text(text.replace("run_as: restoretest", "run_as: nobody"))
    return path


def test_the_config_of_the_exporter_is_taken_and_has_every_kind(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("targets:"))

    found = settings(EXPORTER, local(block, tmp_path))

    assert {target.source.kind for target in found.targets} == {source.kind for source in EXPORTER.sources}
    refreshed = {target.name for target in found.targets if target.refresh is not None}
    assert refreshed == {"nas", "vault", "cold", "dumps", "copies", "agents"}


def test_the_config_of_restore_test_is_taken() -> None:
    (block,) = (block for block in BLOCKS if block.startswith("state:"))

    with TemporaryDirectory(prefix="wb-") as short:  # a socket's path is limited
        assert len(plan.read(local(block, Path(short))).tests) == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_a_unit_is_one(command: str) -> None:
    program, exporter, *words = shlex.split(command)
    assert (program, exporter) == ("watchbill-exporter", "backup")

    context = main.commands["backup"].make_context("backup", words)

    assert context.command.name in {"wrap", "restore-test"}


def test_the_recipe_shows_both_runners() -> None:
    assert len(COMMANDS) == 3
