"""What a manager writes down: truth by construction, and files that are late, wrong, rotated or cut."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.pages import values
from tests.exporters.sandbox.running import Program, config, total
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.memory.tally import Tally
from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.sandbox import exporter
from watchbill_exporters.sandbox.catalogue import FAMILIES
from watchbill_exporters.sandbox.hub import Hub

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_764_000_000.0


class Desk:
    """One exporter without a server, whose clock stands still."""

    def __init__(self, folder: Path, **sections: Any) -> None:
        self.now = NOW
        self.hub = Hub(Tally(FAMILIES, now=lambda: self.now))
        self.log = folder / "sandboxes.jsonl"
        lifecycle = {"files": [str(self.log)], "existing": "read"}
        clock = Clock(now=lambda: self.now, monotonic=lambda: 77.0)
        file = config(folder, lifecycle=lifecycle, **sections)
        self.runtime = Runtime(exporter(self.hub), file, clock=clock, background=False, process=False)

    def write(self, *records: dict[str, Any] | str) -> None:
        with self.log.open("a", encoding="utf-8") as handle:
            handle.writelines(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records)

    def page(self) -> str:
        [feed] = [live.feed for live in self.runtime._running.feeds if live.name == "lifecycle"]
        while feed.intake.tick():  # type: ignore[attr-defined]
            pass
        return render.TEXT.render(self.runtime.scrape(Deadline(1e9)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def event(name: str, key: str, at: float, **more: Any) -> dict[str, Any]:
    return {"event": name, "id": key, "at": NOW + at, "pool": "default", "runtime": "gvisor", **more}


def test_a_life_is_counted_timed_and_charged_to_the_second(desk: Desk) -> None:
    desk.write(
        event("started", "a", -100, requested_at=NOW - 103, launch="warm"),
        event("paused", "a", -70),
        event("resumed", "a", -60),
        event("ended", "a", -40, reason="timeout", cpu_seconds=12.5),
        event("start_failed", "b", -30, reason="quota"),
        event("started", "c", -20),
        event("oom", "c", -10),
    )
    page = desk.page()
    assert total(page, "sandbox_starts_total", pool="default", runtime="gvisor") == 2
    assert total(page, "sandbox_start_failures_total", reason="quota") == 1
    assert total(page, "sandbox_running_seconds_total", pool="default") == 30 + 20 + 20
    assert total(page, "sandbox_paused_seconds_total", pool="default") == 10
    assert total(page, "sandbox_exits_total", pool="default", reason="timeout") == 1
    assert total(page, "sandbox_cpu_seconds_total", pool="default") == 12.5
    assert total(page, "sandbox_oom_kills_total", pool="default") == 1
    assert total(page, "sandboxes", pool="default", runtime="gvisor", state="running") == 1
    assert total(page, "sandbox_oldest_start_timestamp_seconds", pool="default") == NOW - 20
    assert total(page, "sandbox_start_duration_seconds_sum", launch="warm") == 3
    assert total(page, "sandbox_exporter_lines_total") == 7


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{\n", "not_json"),
        ('["a"]\n', "wrong_shape"),
        ('{"event": "began", "id": "x", "at": 1}\n', "wrong_shape"),
        ('{"event": "started", "id": "x"}\n', "wrong_shape"),
        ('{"event": "started", "id": "x", "at": 1764000000, "poool": "a"}\n', "wrong_shape"),
        ('{"event": "ended", "id": "nobody", "at": 1764000000}\n', "out_of_place"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_reason(desk: Desk, line: str, reason: str) -> None:
    desk.write(line, event("started", "a", -1))
    page = desk.page()
    assert total(page, "sandbox_exporter_lines_refused_total", reason=reason) == 1
    assert total(page, "sandbox_exporter_lines_total") == 1
    assert total(page, "sandbox_starts_total") == 1


def test_a_start_that_is_told_twice_counts_once(desk: Desk) -> None:
    desk.write(event("started", "a", -9), event("started", "a", -9), event("ended", "a", -2, reason="nonsense"))
    page = desk.page()
    assert total(page, "sandbox_starts_total") == 1
    assert total(page, "sandbox_running_seconds_total") == 7
    assert total(page, "sandbox_exits_total", reason="other") == 1
    assert total(page, "sandbox_exporter_lines_refused_total", reason="out_of_place") == 1


def test_half_a_line_waits_for_its_other_half(desk: Desk) -> None:
    whole = json.dumps(event("started", "a", -9)) + "\n"
    desk.write(whole[:20])
    assert total(desk.page(), "sandbox_starts_total") in {None, 0}
    desk.write(whole[20:])
    assert total(desk.page(), "sandbox_starts_total") == 1


def test_a_clock_that_went_back_takes_nothing_back(desk: Desk) -> None:
    desk.write(event("started", "a", -10))
    assert total(desk.page(), "sandbox_running_seconds_total") == 10
    desk.now -= 3600
    desk.write(event("ended", "a", -5))
    assert total(desk.page(), "sandbox_running_seconds_total") == 10


def test_a_hundred_thousand_sandboxes_come_and_go_and_series_and_table_stay(desk: Desk) -> None:
    chance = random.Random(7)  # noqa: S311 - reproducible, not secret
    lives = [chance.uniform(0.5, 90) for _ in range(100_000)]
    sizes = []
    for part in range(0, len(lives), 20_000):
        records = []
        for number, seconds in enumerate(lives[part : part + 20_000], part):
            records += [event("started", f"s{number}", -100), event("ended", f"s{number}", -100 + seconds)]
        desk.write(*records)
        page = desk.page()
        sizes.append(len(values(page)))
    assert total(page, "sandbox_starts_total") == len(lives)
    assert total(page, "sandbox_exits_total") == len(lives)
    assert total(page, "sandbox_running_seconds_total") == pytest.approx(sum(lives), rel=1e-6)
    assert total(page, "sandboxes") is None
    assert len(set(sizes)) == 1


def test_pools_that_nobody_named_become_other_and_are_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, pools={"most": 3})
    desk.write(*(event("started", f"s{n}", -n - 1, pool=f"pool-{n}") for n in range(9)))
    page = desk.page()
    assert total(page, "sandbox_starts_total") == 9
    assert total(page, "sandbox_starts_total", pool="other") == 6
    assert total(page, "sandboxes", pool="other") == 6
    assert total(page, "sandbox_oldest_start_timestamp_seconds", pool="other") == NOW - 9
    assert total(page, "sandbox_exporter_label_overflow_total", label="pool") is not None


def test_a_kill_and_a_rotation_in_between_count_nothing_twice(tmp_path: Path) -> None:
    log, state = tmp_path / "manager.log", {"file": str(tmp_path / "state"), "every": "100ms"}
    lifecycle = {"files": [str(tmp_path / "manager.log*")]}

    def write(name: str, key: str) -> None:
        record = {"event": name, "id": key, "at": time.time(), "pool": "default"}
        with log.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(record) + "\n")

    with Program(tmp_path, state=state, lifecycle=lifecycle) as program:
        begun = time.time()
        write("started", "a")
        write("started", "b")
        assert wait_until(lambda: total(program.page(), "sandboxes", pool="default") == 2, 60)
        program.save()
        program.kill()
        write("ended", "a")
        log.rename(tmp_path / "manager.log.1")
        write("started", "c")
        program.start()
        assert wait_until(lambda: total(program.page(), "sandbox_starts_total", pool="default") == 3, 60)
        assert wait_until(lambda: total(program.page(), "sandbox_exits_total", pool="default") == 1, 60)  # another file
        page, seconds = program.page(), time.time() - begun
    assert total(page, "sandbox_exits_total", pool="default") == 1
    assert total(page, "sandboxes", pool="default") == 2
    assert seconds * 0.9 < (total(page, "sandbox_running_seconds_total", pool="default") or 0) < 3 * seconds
