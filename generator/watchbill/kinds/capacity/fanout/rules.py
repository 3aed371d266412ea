"""Recording rules of schedules that fan out: slots, run time, what is due, what the peak needs, and missed firings.

When and how much is known from the expressions, at generation time; when next is for the scheduler to say: it knows its
time zone and its pauses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import cron
from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.kinds.capacity.base import Bench
from watchbill.promql import Matcher, Op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.fanout import Fanout
    from watchbill.model import Alert, RecordingRule, RuleFile

METRICS = {
    "run_seconds": "queue_run_seconds",
    "last_fired": "queue_schedule_last_fired_timestamp_seconds",
    "next_due": "queue_schedule_next_due_timestamp_seconds",
    "missed": "queue_schedule_missed_total",
}
REMEMBERED = 8 * DAY
"""For how long a measured run time holds: schedules may fire once a week."""


class FanoutBench(Bench):
    """Schedules on their way to a Unit."""

    item: Fanout

    @property
    def service(self) -> str:
        """A read of the run time, as it last was; a number where the spec gives it."""
        if self.item.run_time is not None:
            return literal(self.item.run_time / SECOND)
        return f"last_over_time({self.ref(names.FAN_SERVICE)}[{REMEMBERED // DAY}d])"

    def bursts(self) -> dict[str, float]:
        """Return by named schedule the most jobs that it brings within the time that a peak may take."""
        item = self.item
        found: dict[str, tuple[tuple[cron.Cron, float], ...]] = {}
        for one, fires in item.named:
            found[fires.schedule] = (*found.get(fires.schedule, ()), (one, float(fires.jobs)))
        return {name: cron.peak(listed, min(item.drain_within, DAY), item.clock)[0] for name, listed in found.items()}


def files(bench: FanoutBench, alerts: tuple[Alert, ...]) -> tuple[RuleFile, ...]:
    """Return the rules."""
    pace = bench.pace
    groups = (*bench.groups("needs", pace, need_rules(bench)), *bench.groups("alerts", pace, alerts))
    inputs = bench.groups("inputs", pace, input_rules(bench))
    return bench.files(inputs, groups)


def input_rules(bench: FanoutBench) -> Iterator[RecordingRule]:
    """Yield what is read from the input metrics."""
    item = bench.item
    yield bench.rule(names.FAN_SLOTS, f"sum({item.slots})", "jobs that can run at once")
    if item.run_time is None:
        runs = item.of("run_seconds")
        took, ended = (f"sum(rate({runs.named(f'{runs.metric}_{part}')}[1d]))" for part in ("sum", "count"))
        yield bench.rule(names.FAN_SERVICE, f"{took}\n/ ({ended} > 0)", "mean seconds per job of a day")
    fired = f"max by (schedule) ({item.of('last_fired')} > 0)"
    yield bench.rule(names.FAN_AGE, f"time() - {fired}", "seconds since it last fired")
    yield bench.rule(names.FAN_MISSED, f"sum by (schedule) (increase({item.of('missed')}[1h]))", "firings of an hour")
    if item.named:
        yield bench.rule(names.FAN_DUE, _due(bench), "jobs of the schedules that are due soon")


def _due(bench: FanoutBench) -> str:
    """Return the jobs of named schedules that are due in time: 0 while none is."""
    item = bench.item
    terms, ahead = [], literal(item.ahead / SECOND)
    for name, jobs in bench.bursts().items():
        due = f"max by (schedule) ({item.of('next_due').where([Matcher('schedule', Op.EQ, name)])})"
        terms.append(f"{literal(jobs)} * ({due} - time() >= bool 0) * ({due} - time() < bool {ahead})")
    added = "\n  or\n  ".join(terms)
    return f"sum(\n  {added}\n)"


def need_rules(bench: FanoutBench) -> Iterator[RecordingRule]:
    """Yield the peak, and how many slots it needs."""
    item = bench.item
    peak, drain = literal(item.peak[0]), literal(item.drain_within / SECOND)
    yield bench.rule(names.FAN_PEAK, f"vector({peak})", "most jobs that come within the time they may take")
    needed = f"vector({peak}) * {bench.service}" if item.run_time is not None else f"{peak} * {bench.service}"
    yield bench.rule(names.FAN_NEEDED, f"ceil({needed} / {drain})", "slots that work the peak off in time")
    if item.named:
        takes = f"{bench.read(names.FAN_DUE)} * {bench.service}\n/ ({bench.read(names.FAN_SLOTS)} > 0)"
        yield bench.rule(names.FAN_DRAIN, takes, "seconds that it takes to do what is due soon")
    yield bench.info()
