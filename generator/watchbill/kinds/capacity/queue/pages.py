"""Runbook pages of a queue's alerts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.decimals import literal, percent
from watchbill.durations import SECOND, format_duration, spoken
from watchbill.kinds.capacity.sheet import page
from watchbill.model import Check, Fact, Use

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill.kinds.capacity.queue.rules import QueueBench
    from watchbill.kinds.capacity.sheet import Sheet
    from watchbill.model import Content, Page


def _page(
    what: str, brief: str, hurts: str, facts: Callable[[QueueBench], tuple[Fact, ...]], first: tuple[str, ...]
) -> Callable[[QueueBench], Page]:
    def make(bench: QueueBench) -> Page:
        return page(bench, what, partial(_content, bench, brief, hurts, facts, first))

    return make


def _content(
    bench: QueueBench,
    brief: str,
    hurts: str,
    facts: Callable[[QueueBench], tuple[Fact, ...]],
    first: tuple[str, ...],
    sheet: Sheet,
) -> Content:
    known = _checks(bench, sheet)
    ordered = (*(known[key] for key in first), *(c for key, c in known.items() if key not in first))
    return sheet.content(brief, hurts, facts(bench), (*ordered, *_truth(bench, sheet)))


def _checks(bench: QueueBench, sheet: Sheet) -> dict[str, Check]:
    within = literal(bench.item.wait.within / SECOND)
    drain = literal(bench.item.drain_within / SECOND)
    listed = (
        Check("wait", "How long will a job that comes now wait?", sheet.ref(names.QUEUE_WAIT),
              f"seconds; above {within} it is late. No result: no worker, or no job ended for a day"),
        Check("forecast", "And in 15 minutes?", sheet.ref(names.QUEUE_FORECAST), f"seconds; at most {within}"),
        Check("depth", "How many wait?", sheet.ref(names.QUEUE_DEPTH), "jobs", always=True),
        Check("oldest", "How long has the oldest waited?", sheet.ref(names.QUEUE_OLDEST_READY),
              "seconds; much more than the estimate: something is passed over, or workers are stuck"),
        Check("slots", "How many can run at once?", sheet.ref(names.QUEUE_SLOTS), "slots; no result or 0: no worker"),
        Check("needed", "How many slots would do?", sheet.ref(names.QUEUE_NEEDED),
              f"slots: for what comes, and to work the backlog off in {drain} seconds"),
        Check("utilisation", "How busy are they?", sheet.ref(names.QUEUE_UTILISATION),
              "above 1: more comes than all slots together can do, and no patience helps"),
        Check("drain", "When is the backlog gone?", sheet.ref(names.QUEUE_DRAIN),
              "seconds; no result: not at this pace, more comes than goes"),
        Check("arrivals", "How many come?", sheet.ref(bench.arrivals),
              f"jobs per second, mean of {format_duration(bench.item.arrivals_over)}; compare with `offset 1w`"),
        Check("service", "How long does one take?", sheet.ref(bench.service),
              "seconds, mean; twice as long takes twice the workers. No result: none has ended lately"),
        Check("stalled", "Do workers hang?", sheet.ref(names.QUEUE_STALLED), "0; no result: nobody counts them"),
        Check("running", "How long has the oldest run?", sheet.ref(names.QUEUE_OLDEST_RUNNING),
              "seconds; far above what one takes: it hangs"),
        Check("waits", "Is the wait back to normal?", f"{sheet.ref(names.QUEUE_WAIT)} < {within}",
              "a result: jobs start in time again", Use.RECOVERY),
    )  # fmt: skip
    return {check.key: check for check in listed}


def _truth(bench: QueueBench, sheet: Sheet) -> tuple[Check, ...]:
    """Return the check of true waits, if an objective counts them."""
    del sheet
    slo = bench.item.slo
    if slo is None:
        return ()
    left = f'last_over_time({conventions.BUDGET_REMAINING}{{service="{bench.setting.service}",slo="{slo}"}}[15m])'
    return (
        Check("truth", f"How long did jobs really wait? The objective {slo}", left,
              "what is left of its error budget: estimates warn, this counts", Use.TRUST),
    )  # fmt: skip


def _promise(bench: QueueBench) -> Fact:
    wait = bench.item.wait
    return Fact("Promise", f"{wait.objective:f}% within {format_duration(wait.within)}", "from enqueued to started")


def _staffing(bench: QueueBench) -> Fact:
    share = percent(bench.item.delay_share)
    return Fact(
        "Slots needed", "a square-root rule", f"so that {share} of jobs wait at all, and the backlog goes in time"
    )


def _forecast_facts(bench: QueueBench) -> tuple[Fact, ...]:
    wait = bench.item.wait.within
    return (
        _promise(bench),
        Fact("Fires at", format_duration(wait), "expected in 15 minutes, and 40% of it already now, for 2m"),
        Fact(
            "Right", "97 times of 100", "in simulated queues; with the alert on the backlog it finds 97 of 100 floods"
        ),
        Fact(
            "Clears", "at once", f"when less than {spoken(0.4 * wait)} is waited, or the forecast is below the promise"
        ),
        _staffing(bench),
    )


def _high_facts(bench: QueueBench) -> tuple[Fact, ...]:
    return (
        _promise(bench),
        Fact("Fires at", spoken(0.75 * bench.item.wait.within), "of waiting, for 10m"),
        _staffing(bench),
    )


def _load_facts(bench: QueueBench) -> tuple[Fact, ...]:
    over = format_duration(bench.item.arrivals_over)
    return (
        Fact("Fires at", "100%", f"of all slots, by the arrivals of {over}, for 30m"),
        _staffing(bench),
        _promise(bench),
    )


def _backlog_facts(bench: QueueBench) -> tuple[Fact, ...]:
    drain = format_duration(bench.item.drain_within)
    within = format_duration(bench.item.wait.within)
    return (
        Fact("Fires at", drain, f"of waiting; or at {within}, if what waits is not gone within {drain}; for 5m"),
        _promise(bench),
        _staffing(bench),
    )


def _plain(at: str, note: str) -> Callable[[QueueBench], tuple[Fact, ...]]:
    return lambda bench: (Fact("Fires at", at, note), _promise(bench))


def _run_facts(bench: QueueBench) -> tuple[Fact, ...]:
    return (Fact("Fires at", format_duration(bench.item.run_within or 0), "of running, for 5m"), _promise(bench))


forecast = _page(
    "WaitForecast", "waits will be too long in 15 minutes",
    "Work that was accepted will start too late: more comes in than the workers can take.",
    _forecast_facts, ("forecast", "wait", "needed", "slots", "utilisation", "service"),
)  # fmt: skip
high = _page(
    "WaitHigh", "waits are near what they may be",
    "Work starts later than usual. It is still in time, without much room for a burst.",
    _high_facts, ("wait", "forecast", "utilisation", "needed", "slots", "service"),
)  # fmt: skip
overloaded = _page(
    "Overloaded", "more work than all workers can do",
    "Waits grow for as long as this lasts: what comes in is more than all workers together can do.",
    _load_facts, ("utilisation", "needed", "slots", "arrivals", "service"),
)  # fmt: skip
backlog = _page(
    "NotDraining", "the backlog is old, or is not going away",
    "Work that was accepted has waited too long, and what waits behind it will too.",
    _backlog_facts, ("oldest", "drain", "depth", "slots", "stalled", "running", "needed"),
)  # fmt: skip
no_workers = _page(
    "NoWorkers", "no worker is there, and jobs wait", "Nothing starts: no worker takes work from this queue.",
    _plain("0", "slots while a job waits, for 2m"), ("slots", "depth", "oldest"),
)  # fmt: skip
stalled = _page(
    "WorkersStalled", "workers hang", "Some workers hold slots and do nothing: the others carry their load.",
    _plain("1", "worker, for 5m"), ("stalled", "running", "slots", "utilisation"),
)  # fmt: skip
runs_long = _page(
    "RunningTooLong", "a job runs far too long",
    "One job runs far longer than any should: its user waits, and so does its slot.",
    _run_facts, ("running", "service", "stalled"),
)  # fmt: skip
