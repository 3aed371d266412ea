"""The store: bounded, exact, and the same after a restart."""

from __future__ import annotations

import threading

import pytest

from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.catalogue.calls import TOOL_CALLS
from watchbill_exporters.agent.catalogue.runs import RUN_DURATION, RUNS, RUNS_IN_PROGRESS
from watchbill_exporters.core.memory.tally import Allowance, Tally

KNOWN = {"agent": Allowance(("triage",), 3)}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_tally(**more: object) -> tuple[Tally, Clock]:
    clock = Clock()
    return Tally(FAMILIES, KNOWN, now=clock, **more), clock  # type: ignore[arg-type]


def rows(tally: Tally, family: object) -> dict[tuple[str, ...], float]:
    return dict(tally.read().rows.get(family, ()))  # type: ignore[call-overload]


def test_known_series_start_at_zero_and_stay() -> None:
    tally, clock = a_tally(idle_after=60.0)
    tally.pin([RUNS])
    clock.now += 1000
    assert len(rows(tally, RUNS)) == 6
    assert set(rows(tally, RUNS).values()) == {0.0}


def test_idle_series_are_dropped_one_by_one_and_make_room() -> None:
    tally, clock = a_tally(idle_after=60.0)
    for agent in "abc":
        tally.add(RUNS, (agent, "success"))
    tally.add(RUNS, ("d", "success"))
    clock.now += 50
    tally.tick()
    tally.add(RUNS, ("b", "success"))
    clock.now += 20
    assert rows(tally, RUNS) == {("b", "success"): 2}
    tally.add(RUNS, ("d", "success"))
    assert rows(tally, RUNS)["d", "success"] == 1


def test_values_over_the_limit_become_other() -> None:
    tally, _ = a_tally()
    for number in range(9):
        tally.add(RUNS, (f"agent-{number}", "success"))
    tally.add(RUNS, ("triage", "of no known kind"))
    assert rows(tally, RUNS) == {
        ("agent-0", "success"): 1,
        ("agent-1", "success"): 1,
        ("agent-2", "success"): 1,
        ("other", "success"): 6,
        ("triage", "other"): 1,
    }


def test_a_family_has_no_more_series_than_it_may() -> None:
    tally, _ = a_tally(series=50)
    for number in range(90):
        tally.add(TOOL_CALLS, ("triage", f"tool-{number}", "ok"))
    found = rows(tally, TOOL_CALLS)
    assert len(found) == 51
    assert found["other", "other", "ok"] == 40


def test_what_was_exported_is_restored_and_added_to() -> None:
    old, _ = a_tally()
    old.add(RUNS, ("triage", "success"), 5)
    old.observe(RUN_DURATION, ("triage", "success"), 3.0)
    new, _ = a_tally()
    new.add(RUNS, ("triage", "success"))
    assert new.restore(old.export()) == 0
    assert new.value(RUNS, ("triage", "success")) == 6
    assert new.value(RUN_DURATION, ("triage", "success")) == 1


@pytest.mark.parametrize(
    "data",
    [
        {"agent_no_such_family": [[["a"], 1.0]]},
        {"agent_runs_total": [[["a"], 1.0]]},
        {"agent_runs_total": [[["a", "success"], {"bounds": [], "counts": [], "sum": 0}]]},
        {"agent_run_duration_seconds": [[["a", "success"], {"bounds": [1.0], "counts": [1, 0], "sum": 0.3}]]},
    ],
    ids=["family", "labels", "kind", "bounds"],
)
def test_what_has_changed_since_is_left_out(data: dict[str, object]) -> None:
    tally, _ = a_tally()
    assert tally.restore(data) == 1
    assert not tally.read().rows


def test_a_gauge_is_replaced_as_a_whole() -> None:
    tally, _ = a_tally()
    tally.replace(RUNS_IN_PROGRESS, {("a", "v1"): 1.0, ("a", "v2"): 2.0})
    tally.replace(RUNS_IN_PROGRESS, {("a", "v2"): 3.0})
    assert rows(tally, RUNS_IN_PROGRESS) == {("a", "v2"): 3.0}


def test_limits_can_be_changed_while_it_counts() -> None:
    tally, _ = a_tally()
    for agent in "abcd":
        tally.add(RUNS, (agent, "success"))
    tally.configure({"agent": Allowance(("d",), 1)})
    for agent in "abcd":
        tally.add(RUNS, (agent, "success"))
    found = rows(tally, RUNS)
    assert found["a", "success"] == 2
    assert found["d", "success"] == 1
    assert sum(found.values()) == 8


def test_threads_lose_no_count() -> None:
    tally, _ = a_tally()

    def work() -> None:
        for number in range(3000):
            tally.add(RUNS, ("triage", "success"))
            tally.observe(RUN_DURATION, ("triage", "success"), number / 100, "ab")

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for _ in range(20):
        tally.read()
    for worker in workers:
        worker.join()
    assert tally.value(RUNS, ("triage", "success")) == 12_000
    assert tally.value(RUN_DURATION, ("triage", "success")) == 12_000
