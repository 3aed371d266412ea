"""The whole page, clock frozen. `python -m tests.exporters.backup.test_page` writes the goldens."""

from __future__ import annotations

import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.exporters.backup.place import write
from tests.exporters.pages import parse_openmetrics
from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.backup.catalogue import FAMILIES
from watchbill_exporters.backup.facts import Facts, RepositoryFacts, RestoreFacts, SourceFacts, TableFacts
from watchbill_exporters.backup.facts import families as families_of
from watchbill_exporters.backup.records.source import StateClient
from watchbill_exporters.backup.repositories.restic import ResticClient
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.runtime import Runtime

if TYPE_CHECKING:
    from lab.toolchain import Tool

GOLDENS = Path(__file__).parent / "goldens"
FROZEN = Clock(lambda: 1_790_000_013.5, lambda: 77.0)
T = 1_789_990_000.0
ORDERS = SourceFacts("orders", T + 1, T + 2, True, 3.5, 4e9, T + 5, 6, T + 7, 0, 1)
MAIL = SourceFacts("mail", last_attempt=T + 11, attempt_ok=False)
FACTS = Facts(
    (RepositoryFacts("nas", (ORDERS, MAIL), True, T + 21, T + 22), RepositoryFacts("vault", locked=False)),
    (RestoreFacts("nas", "orders", T + 31, False, T + 32, 33.25, T + 34, 35, 36), RestoreFacts("vault", "new", T + 41)),
    (TableFacts("agents", "checkpoints", 51.0, T + 52), TableFacts("agents", "checkpoint_blobs", 61.0)),
)
FORMS = {"page.txt": render.TEXT, "page.om": render.OPENMETRICS}


def page(form: render.Form, folder: Path) -> str:
    config = write(
        folder,
        {"name": "cron", "kind": "state", "directory": "x", "labels": {"site": "eu"}},
        {"name": "far", "kind": "restic", "repository": "r"},
    )
    error = ScrapeError(Reason.AUTH, "no")
    with patch.object(StateClient, "read", return_value=FACTS), patch.object(ResticClient, "read", side_effect=error):
        runtime = Runtime(EXPORTER, config, clock=FROZEN, process=False, background=False)
        return form.render(runtime.scrape(Deadline(1e9)))


@pytest.mark.parametrize("name", FORMS)
def test_a_page_is_the_golden_one(name: str, tmp_path: Path) -> None:
    golden = (GOLDENS / name).read_text(encoding="utf-8")
    assert page(FORMS[name], tmp_path) == golden.replace("VERSION", version("watchbill")), f"run `python -m {__name__}`"


def test_the_golden_pages_hold_every_family() -> None:
    names = {family.name for family in parse_openmetrics((GOLDENS / "page.om").read_text(encoding="utf-8"))}
    assert {family.name for family in FAMILIES} <= names


def test_promtool_finds_nothing_to_mend(promtool: Tool) -> None:
    text = (GOLDENS / "page.txt").read_text(encoding="utf-8").replace("VERSION", "1")
    check = subprocess.run([promtool.path, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


@pytest.mark.parametrize("source", EXPORTER.sources, ids=lambda source: source.kind)
def test_a_source_describes_every_family_it_has(source: object) -> None:
    described = {family.name: family for family in source.describe()}  # type: ignore[attr-defined]
    for family in families_of(FACTS):
        assert described[family.name].documentation == family.documentation
        assert described[family.name].type == family.type
    assert all(not family.samples for family in described.values())
    assert EXPORTER.facts < set(described)


def test_what_is_unknown_is_absent() -> None:
    assert list(families_of(Facts((RepositoryFacts("nas", (SourceFacts("a"),)),), (RestoreFacts("nas", "a"),)))) == []


if __name__ == "__main__":
    for golden_name, golden_form in FORMS.items():
        with tempfile.TemporaryDirectory() as scratch:
            text = page(golden_form, Path(scratch)).replace(version("watchbill"), "VERSION")
        (GOLDENS / golden_name).write_text(text, encoding="utf-8")
