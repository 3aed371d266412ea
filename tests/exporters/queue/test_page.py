"""The whole page, clock frozen: every family, as every source would show it."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.exporters.pages import parse_openmetrics
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.queue import EXPORTER, metrics
from watchbill_exporters.queue.catalogue import FAMILIES, JOBS, Slot, State
from watchbill_exporters.queue.rq.client import RqClient
from watchbill_exporters.queue.snapshot import Queue, Schedule, Snapshot
from watchbill_exporters.queue.tally import Histogram

if TYPE_CHECKING:
    from lab.toolchain import Tool

GOLDENS = Path(__file__).parent / "goldens"
FROZEN = Clock(lambda: 1_700_000_013.5, lambda: 77.0)


def a_histogram(*values: float, bounds: tuple[float, ...] | None = None) -> Histogram:
    found = Histogram(bounds) if bounds else Histogram()
    for value in values:
        found.observe(value)
    return found


def everything() -> Snapshot:
    full = Queue(
        "mail",
        jobs={state: number for number, state in enumerate(State, 13)},
        oldest_ready=1_699_999_001.25,
        age_exact=True,
        oldest_running=1_699_999_007.5,
        enqueued=1117,
        finished=1103,
        failed=7,
        retried=3,
        wait=a_histogram(0.05, 0.1, 0.3, 31, 100_000, -5).freeze(),
        run=a_histogram(2.5).freeze(),
        workers=5,
        slots={Slot.BUSY: 3, Slot.IDLE: 2},
        stalled=1,
    )
    bound = Queue("celery", jobs={State.READY: 63}, oldest_ready=1_699_999_003.0, age_exact=False)
    schedule = Schedule("nightly", 1_699_990_000, 1_700_076_400, a_histogram(1, 500, bounds=JOBS).freeze(), 2)
    return Snapshot((full, bound, Queue("empty", jobs={State.READY: 0})), (schedule, Schedule("never")))


def page(folder: Path, monkeypatch: pytest.MonkeyPatch, form: render.Form) -> str:
    def read(client: RqClient, _: Deadline) -> Snapshot:
        if client._config.prefix == "down":
            raise ScrapeError(Reason.PERMISSION, "no")
        return everything()

    monkeypatch.setattr(RqClient, "read", read)
    up = {"name": "main", "kind": "rq", "labels": {"cluster": "eu"}}
    config = folder / "queue.yaml"
    config.write_text(yaml.safe_dump({"targets": [up, {"name": "down", "kind": "rq", "prefix": "down"}]}))
    runtime = Runtime(EXPORTER, config, clock=FROZEN, process=False, background=False)
    return form.render(runtime.scrape(Deadline(1e9)))


@pytest.mark.parametrize("form", [render.TEXT, render.OPENMETRICS], ids=["page.txt", "page.om"])
def test_a_page_is_the_golden_one(form: render.Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "page.om" if form is render.OPENMETRICS else "page.txt"
    golden = (GOLDENS / name).read_text(encoding="utf-8")
    assert page(tmp_path, monkeypatch, form) == golden.replace("VERSION", version("watchbill"))


def test_the_golden_openmetrics_page_is_strict_and_has_every_family() -> None:
    families = {family.name for family in parse_openmetrics((GOLDENS / "page.om").read_text(encoding="utf-8"))}
    assert {family.name.removesuffix("_total") for family in FAMILIES} <= families


def test_promtool_finds_nothing_to_mend(promtool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page(tmp_path, monkeypatch, render.TEXT)
    check = subprocess.run([promtool.path, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_every_family_is_described_as_it_is_shown() -> None:
    described = {family.name: family for family in EXPORTER.describe()}
    shown = list(metrics.families(everything()))
    assert {family.name for family in shown} == set(described)
    for family in shown:
        assert described[family.name].type == family.type
        assert described[family.name].documentation == family.documentation
    labels = {family.name.removesuffix("_total"): set(family.labels) for family in FAMILIES}
    for family in shown:
        assert {name for sample in family.samples for name in sample.labels} - {"le"} == labels[family.name]
