"""The command of an exporter: what it says when it cannot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from click.testing import CliRunner

from tests.exporters.configs import write
from tests.exporters.sample import EXPORTER
from watchbill_exporters.cli import command

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_not_installed_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    def load() -> NoReturn:
        raise ModuleNotFoundError("no", name="aiohttp")

    result = CliRunner().invoke(command("sample", "Sample.", 1, load), ["--config", str(write(tmp_path)), "--once"])

    assert result.exit_code == 1
    assert "aiohttp is not installed; pip install 'watchbill[exporters]'" in result.output


def test_a_bug_of_ours_is_told_as_one_ready_to_paste(tmp_path: Path) -> None:
    def load() -> NoReturn:
        raise ZeroDivisionError("http://bob:secret@host")

    result = CliRunner().invoke(command("sample", "Sample.", 1, load), ["--config", str(write(tmp_path)), "--once"])

    assert result.exit_code == 3
    assert "please report" in result.output
    assert "ZeroDivisionError: http://***@host" in result.output


@pytest.mark.parametrize("flags", [[], ["--config"], ["--config", "x", "--log.level", "loud"]])
def test_wrong_usage_ends_with_2(flags: list[str]) -> None:
    assert CliRunner().invoke(command("sample", "Sample.", 1, lambda: EXPORTER), flags).exit_code == 2
