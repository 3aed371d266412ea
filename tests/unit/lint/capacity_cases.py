"""A spec for every code of the capacity kinds that triggers it, and a near miss."""

from __future__ import annotations

from typing import Any

from tests.unit.factories import a_spec, an_slo
from tests.unit.lint.cases import Case, Spec

NIGHT, POLL = "7 2 * * *", "*/15 * * * *"


def item(kind: str, **changed: Any) -> Spec:
    return a_spec(an_slo(), capacity=[{"name": "room", "kind": kind, **changed}])


def queue(**changed: Any) -> Spec:
    return item("queue", **{"queue": "runs", "wait": {"objective": 97, "within": "40s"}, **changed})


def store(**changed: Any) -> Spec:
    return item("store", **{"store": "checkpoints", "limit": "70GB", **changed})


def pool(**changed: Any) -> Spec:
    return item("pool", **{"pool": "default", **changed})


def fanout(schedules: Spec | None = None, **changed: Any) -> Spec:
    named = {NIGHT: {"jobs": 300, "schedule": "night"}} if schedules is None else schedules
    return item("fanout", schedules=named, slots='queue_worker_slots{job="queue"}', **changed)


def reckoned(slots: int, **changed: Any) -> Spec:
    listed = {NIGHT: {"jobs": 300, "schedule": "night"}, POLL: {"jobs": 20, "schedule": "poll"}}
    return fanout(listed, run_time="30s", expect_slots=slots, **changed)


CASES = [
    Case(
        "WB330",
        "a backlog that must go before a job is late",
        queue(drain_within="30s"),
        queue(drain_within="50s"),
        "30s",
    ),
    Case(
        "WB331",
        "arrivals of a minute, seen every 15 seconds",
        queue(arrivals_over="50s"),
        queue(arrivals_over="1m"),
        "50s",
    ),
    Case("WB331", "arrivals of two days", queue(arrivals_over="2d"), queue(arrivals_over="24h"), "2d"),
    Case("WB332", "an objective that is not there", queue(slo="call"), queue(slo="calls"), "call"),
    Case("WB333", "a number without a unit", store(limit=70), store(limit="70B"), "70"),
    Case("WB333", "a unit that is none", store(limit="70XB"), store(limit="70KiB"), "70XB"),
    Case("WB334", "a ticket after the page", store(warn_before="1d"), store(warn_before="3d"), "1d"),
    Case("WB335", "a trend of two days", store(trend="2d"), store(trend="8d"), "2d"),
    Case("WB335", "a trend of no whole days", store(trend="180h"), store(trend="192h"), "180h"),
    Case("WB336", "a guard above the page", store(guard="96%"), store(guard="94%"), "96%"),
    Case("WB337", "a warning with the page", pool(saturation="100%"), pool(saturation="99%"), "100%"),
    Case(
        "WB122",
        "a start bound that is none",
        pool(start={"objective": 97, "within": "4s", "bounds": [2, 5]}),
        pool(start={"objective": 97, "within": "5s", "bounds": [2, 5]}),
        "",
    ),
    Case(
        "WB123",
        "a start histogram by one of its series",
        pool(start={"objective": 97, "within": "4s", "histogram": "starts_seconds_count"}),
        pool(start={"objective": 97, "within": "4s", "histogram": "starts_seconds"}),
        "",
    ),
    Case("WB338", "four fields", fanout({"7 2 * *": 300}), fanout({NIGHT: 300}), "", frozenset({"WB341"})),
    Case(
        "WB338",
        "a day that never is",
        fanout({"7 2 30 2 *": 300}),
        fanout({"7 2 30 3 *": 300}),
        "",
        frozenset({"WB341"}),
    ),
    Case(
        "WB339",
        "more comes than can be done",
        reckoned(5),
        reckoned(300, drain_within="3m"),
        POLL,
        frozenset({"WB340"}),
    ),
    Case(
        "WB340", "a peak that takes too long", reckoned(170, drain_within="50s"), reckoned(170, drain_within="1m"), ""
    ),
    Case("WB341", "nobody named the schedules", fanout({NIGHT: 300}), fanout(), "", frozenset()),
    Case("WB342", "a run time without slots", fanout(run_time="30s"), fanout(run_time="30s", expect_slots=200), "30s"),
    Case(
        "WB164",
        "a zone of schedules that is none",
        fanout(zone="Europe/Berln"),
        fanout(zone="Europe/Berlin"),
        "Europe/Berln",
    ),
]
