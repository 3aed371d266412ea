"""Runbook pages of schedules that fan out."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from watchbill import cron
from watchbill.conventions import capacity as names
from watchbill.durations import SECOND, format_duration, spoken
from watchbill.kinds.capacity.sheet import page
from watchbill.model import Check, Fact, Use

if TYPE_CHECKING:
    from watchbill.kinds.capacity.fanout.rules import FanoutBench
    from watchbill.kinds.capacity.sheet import Sheet
    from watchbill.model import Content, Page

SHOWN = 6


def ahead(bench: FanoutBench) -> Page:
    """Return the page of a peak that is due."""
    item = bench.item
    drain = format_duration(item.drain_within)
    hurts = f"Soon more will be enqueued than is worked off within {drain}; what users ask for will wait behind it."
    fact = Fact("Fires at", drain, f"of work, due within {format_duration(item.ahead)}, for 2m")
    return page(bench, "PeakAhead", partial(_content, bench, "a peak is due that takes too long", hurts, (fact,)))


def slots(bench: FanoutBench) -> Page:
    """Return the page of too few slots."""
    hurts = "Nothing yet. At the next peak jobs will wait longer than they may."
    fact = Fact("Fires below", "the slots that the peak needs", "for 30m")
    return page(bench, "TooFewSlots", partial(_content, bench, "too few slots for the peak", hurts, (fact,)))


def missed(bench: FanoutBench) -> Page:
    """Return the page of a firing that was missed."""
    hurts = "What the schedule should have started was never enqueued: reports, clean-ups, evaluations are not done."
    fact = Fact(
        "Fires at",
        "the first",
        f"that the scheduler missed, or {format_duration(bench.item.grace)} after the longest silence",
    )
    make = partial(_content, bench, "a schedule did not fire", hurts, (fact,))
    return page(bench, "MissedFiring", make, labels=("schedule",))


def _facts(bench: FanoutBench) -> tuple[Fact, ...]:
    item = bench.item
    jobs, when = item.peak
    at = datetime.fromtimestamp(when / SECOND, item.clock)
    listed = tuple(
        Fact(
            one.text,
            f"{fires.jobs} jobs",
            f"{fires.schedule or 'no name'}; silent for {spoken(cron.longest_silence(one, item.clock))} at most",
        )
        for one, fires in item.read[:SHOWN]
    )
    peak = Fact("Peak", f"{jobs:g} jobs", f"within {format_duration(item.drain_within)}, at {at:%H:%M} {item.zone}")
    return (peak, *listed)


def _content(bench: FanoutBench, brief: str, hurts: str, facts: tuple[Fact, ...], sheet: Sheet) -> Content:
    item = bench.item
    checks = [
        Check("slots", "How many can run at once?", sheet.ref(names.FAN_SLOTS), "slots", always=True),
        Check("needed", "How many does the peak need?", sheet.ref(names.FAN_NEEDED), "slots; no result: no run times"),
        Check("age", "When did each fire?", f"sort_desc({sheet.ref(names.FAN_AGE)})", "seconds ago"),
        Check("missed", "Which were missed?", f"{sheet.ref(names.FAN_MISSED)} > 0", "firings of an hour"),
        Check("enough", "Are there enough slots again?",
              f"{sheet.ref(names.FAN_SLOTS)} >= {sheet.ref(names.FAN_NEEDED)}",
              "a result: the peak can be worked off in time", Use.RECOVERY),
    ]  # fmt: skip
    if item.named:
        checks.insert(
            0,
            Check(
                "due", "How much is due soon?", sheet.ref(names.FAN_DUE), f"jobs within {format_duration(item.ahead)}"
            ),
        )
        checks.insert(
            3,
            Check("next", "What is next?", f"sort({sheet.on(item.of('next_due'))} - time())", "seconds until it fires"),
        )
    return sheet.content(brief, hurts, (*facts, *_facts(bench)), tuple(checks))
