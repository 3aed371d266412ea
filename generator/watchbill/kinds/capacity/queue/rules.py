"""A queue's recording rules: what is there, what it comes to, and how long work waits. Seconds, jobs, Erlangs.

Offered load a = arrivals x mean service (Little). Capacity is slots / mean service, never the rate of completions:
below saturation jobs are finished as they come, so that rate says nothing of what workers could do (alert-math 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import DAY, MINUTE, SECOND, format_duration
from watchbill.kinds.capacity.base import Bench
from watchbill.promql import Matcher, Op
from watchbill.queueing import safety
from watchbill.regexes import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.queue import Queue
    from watchbill.model import Alert, Labels, RecordingRule, RuleFile

METRICS: dict[str, tuple[str, Labels]] = {
    "ready": ("queue_jobs", (("state", "ready"),)),
    "oldest_ready": ("queue_oldest_ready_timestamp_seconds", ()),
    "oldest_running": ("queue_oldest_running_timestamp_seconds", ()),
    "enqueued": ("queue_enqueued_total", ()),
    "run_seconds": ("queue_run_seconds", ()),
    "slots": ("queue_worker_slots", ()),
    "stalled": ("queue_workers_stalled", ()),
}
OF_WORKERS = frozenset({"slots", "stalled"})
ANY_QUEUE = "*"
"""What exporters call the queue of workers that do not say what they take from."""
REMEMBERED = DAY
"""For how long the mean service of an idle queue holds: a burst after a quiet night must not find it unknown."""
FORECAST = 15 * MINUTE
SERVED_OVER = 30 * MINUTE
MIN_SCRAPES = 4


def takes_from(queue: str) -> Matcher:
    """Return the matcher of workers that take from a queue, or from any."""
    return Matcher("queue", Op.RE, f"{escape(queue)}|{escape(ANY_QUEUE)}")


class QueueBench(Bench):
    """A queue on its way to a Unit."""

    item: Queue

    @property
    def arrivals(self) -> str:
        """Name of the arrival rate."""
        return names.arrivals(self.item.arrivals_over)

    @property
    def served_over(self) -> int:
        """Window, ms, of the mean service."""
        return max(SERVED_OVER, MIN_SCRAPES * self.setting.timing.scrape)

    @property
    def served(self) -> str:
        """Name of the rate of completions."""
        return names.served(self.served_over)

    @property
    def service(self) -> str:
        """Name of the mean service."""
        return names.service(self.served_over)

    @property
    def remembered_service(self) -> str:
        """A read of the mean service, as it last was."""
        return f"last_over_time({self.ref(self.service)}[{format_duration(REMEMBERED)}])"


def files(bench: QueueBench, alerts: tuple[Alert, ...]) -> tuple[RuleFile, ...]:
    """Return the rules: input metrics to series, and all that follows from these."""
    pace = bench.pace
    inputs = bench.groups("inputs", pace, input_rules(bench))
    groups = (
        *bench.groups("load", pace, load_rules(bench)),
        *bench.groups("waits", pace, wait_rules(bench)),
        *bench.groups("alerts", pace, alerts),
    )
    return bench.files(inputs, groups)


def input_rules(bench: QueueBench) -> Iterator[RecordingRule]:
    """Yield what is read from the input metrics."""
    item = bench.item
    runs = item.of("run_seconds")
    came, over = format_duration(item.arrivals_over), format_duration(bench.served_over)
    took = item.aggregate(f"rate({runs.named(f'{runs.metric}_sum')}[{over}])")
    ended = item.aggregate(f"rate({runs.named(f'{runs.metric}_count')}[{over}])")
    yield bench.rule(names.QUEUE_DEPTH, item.aggregate(str(item.of("ready"))), "jobs that wait")
    for role, record in (("oldest_ready", names.QUEUE_OLDEST_READY), ("oldest_running", names.QUEUE_OLDEST_RUNNING)):
        oldest = item.aggregate(f"{item.of(role)} > 0", "min")
        yield bench.rule(record, f"time() - {oldest}", "seconds; exporters that write 0 for none are no job of 1970")
    yield bench.rule(bench.arrivals, item.aggregate(f"rate({item.of('enqueued')}[{came}])"), "jobs per second")
    yield bench.rule(bench.served, ended, "jobs per second")
    yield bench.rule(bench.service, f"{took}\n/ ({ended} > 0)", "mean seconds per job; none while no job ends")
    yield bench.rule(names.QUEUE_SLOTS, item.aggregate(str(item.of("slots"))), "jobs that can run at once")
    yield bench.rule(names.QUEUE_STALLED, item.aggregate(str(item.of("stalled"))), "workers that hang")


def load_rules(bench: QueueBench) -> Iterator[RecordingRule]:
    """Yield what comes in, and what the workers can take, in the same measure."""
    service = bench.remembered_service
    yield bench.rule(
        names.QUEUE_CAPACITY,
        f"({bench.read(names.QUEUE_SLOTS)} > 0)\n/ {service}",
        "jobs per second that workers can do",
    )
    yield bench.rule(names.QUEUE_LOAD, f"{bench.read(bench.arrivals)}\n* {service}", "slots that arrivals keep busy")
    yield bench.rule(names.QUEUE_WAIT_LIMIT, f"vector({wait_seconds(bench)})", "seconds that a job may wait")
    yield bench.info()


def wait_rules(bench: QueueBench) -> Iterator[RecordingRule]:
    """Yield estimates of waits, and of what it would take."""
    item = bench.item
    depth, slots = bench.read(names.QUEUE_DEPTH), bench.read(names.QUEUE_SLOTS)
    can, comes, load = bench.read(names.QUEUE_CAPACITY), bench.read(bench.arrivals), bench.read(names.QUEUE_LOAD)
    ahead, drain = literal(FORECAST / SECOND), literal(item.drain_within / SECOND)
    yield bench.rule(names.QUEUE_WAIT, f"{depth}\n/ {can}", "seconds until a job that comes now starts")
    yield bench.rule(
        names.QUEUE_FORECAST,
        f"clamp_min({depth}\n+ {ahead} * ({comes} - {can}), 0)\n/ {can}",
        "the same, in 15 minutes",
    )
    yield bench.rule(names.QUEUE_DRAIN, f"{depth}\n/ ({can} - {comes} > 0)", "seconds; none while more comes than goes")
    yield bench.rule(names.QUEUE_UTILISATION, f"{load}\n/ ({slots} > 0)", "1: all slots are always busy")
    beta = literal(safety(item.delay_share))
    yield bench.rule(
        names.QUEUE_NEEDED,
        f"ceil({load} + {beta} * sqrt({load})\n+ {depth} * {bench.remembered_service} / {drain}) + 1",
        "slots: square-root staffing, and the backlog gone in time",
    )


def wait_seconds(bench: QueueBench, share: float = 1) -> str:
    """Return a share of the wait that the spec allows, seconds."""
    return literal(share * bench.item.wait.within / SECOND)
