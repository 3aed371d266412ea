"""A pool's recording rules: how full it is, how much it ran, and exact counts of starts, failures and kills."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import format_duration
from watchbill.kinds.capacity.base import Bench
from watchbill.kinds.capacity.shares import Share
from watchbill.kinds.slis import Latency, Ratio
from watchbill.promql import Matcher, Op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.pool import Pool
    from watchbill.model import Alert, RecordingRule, RuleFile
    from watchbill.promql import Selector

METRICS = {
    "sandboxes": "sandboxes",
    "capacity": "sandbox_pool_capacity",
    "starts": "sandbox_starts_total",
    "start_failures": "sandbox_start_failures_total",
    "exits": "sandbox_exits_total",
    "oom_kills": "sandbox_oom_kills_total",
    "running_seconds": "sandbox_running_seconds_total",
    "oldest_start": "sandbox_oldest_start_timestamp_seconds",
    "histogram": "sandbox_start_duration_seconds",
}
SLOW, FAILED, KILLED = "slow_starts", "failed_starts", "memory_kills"


def in_use(selector: Selector) -> Selector:
    """Return the sandboxes that take room: those that start will run."""
    return selector.where([Matcher("state", Op.RE, "running|starting")])


class PoolBench(Bench):
    """A pool on its way to a Unit."""

    item: Pool

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """What is counted exactly: failed starts, kills, and slow starts if starts have an objective."""
        item = self.item
        failed = Ratio(kind="ratio", total=str(item.of("starts")), bad=str(item.of("start_failures")), by=item.by)
        killed = Ratio(kind="ratio", total=str(item.of("exits")), bad=str(item.of("oom_kills")), by=item.by)
        found = (Share(self, FAILED, failed, item.failures), Share(self, KILLED, killed, item.out_of_memory))
        if item.start is None:
            return found
        slow = Latency(
            kind="latency", histogram=str(item.of("histogram")), within=format_duration(item.start.within), by=item.by
        )
        return (*found, Share(self, SLOW, slow, float(1 - item.start.objective / 100)))


def files(bench: PoolBench, alerts: tuple[Alert, ...]) -> tuple[RuleFile, ...]:
    """Return the rules; those of exact counts run at the pace of tiles, the others every minute."""
    pace, tile = bench.pace, bench.setting.timing.tile
    counted = {alert.name for alert in alerts if alert.name in {bench.alert_name(w) for w in SHARE_ALERTS.values()}}
    inputs = (
        *bench.groups("tiles", tile, (rule for share in bench.shares for rule in share.tile_rules())),
        *bench.groups("inputs", pace, input_rules(bench)),
    )
    groups = (
        *bench.groups("sums", tile, (rule for share in bench.shares for rule in share.sum_rules())),
        *bench.groups("levels", pace, level_rules(bench)),
        *bench.groups("share-alerts", tile, (a for a in alerts if a.name in counted)),
        *bench.groups("alerts", pace, (a for a in alerts if a.name not in counted)),
    )
    return bench.files(inputs, groups)


SHARE_ALERTS = {SLOW: "SlowStarts", FAILED: "FailedStarts", KILLED: "OutOfMemory"}


def input_rules(bench: PoolBench) -> Iterator[RecordingRule]:
    """Yield what is read from the input metrics."""
    item = bench.item
    yield bench.rule(names.POOL_IN_USE, item.aggregate(str(item.of("sandboxes"))), "sandboxes that run or start")
    yield bench.rule(names.POOL_CAPACITY, item.aggregate(str(item.of("capacity"))), "sandboxes that fit")
    ran = item.aggregate(f"rate({item.of('running_seconds')}[1h])")
    yield bench.rule(names.POOL_MINUTES, f"{ran} * 60", "sandbox minutes per hour")
    if item.longest is not None:
        oldest = item.aggregate(f"{item.of('oldest_start')} > 0", "min")
        yield bench.rule(names.POOL_OLDEST, f"time() - {oldest}", "seconds since the oldest one started")


def level_rules(bench: PoolBench) -> Iterator[RecordingRule]:
    """Yield how full it is, and a day's low and starts, by which leaks show."""
    used, fits = bench.read(names.POOL_IN_USE), bench.read(names.POOL_CAPACITY)
    tile = bench.setting.timing.tile
    yield bench.rule(names.POOL_SATURATION, f"{used}\n/ ({fits} > 0)", "1: nothing more fits")
    yield bench.rule(
        names.POOL_SATURATION_LIMIT, f"vector({literal(bench.item.saturation)})", "share that is a warning"
    )
    yield bench.rule(names.POOL_FLOOR, f"min_over_time({bench.ref(names.POOL_IN_USE)}[1d])", "the lowest of a day")
    started = bench.ref(names.share_tile(FAILED, "events", tile))
    yield bench.rule(
        names.POOL_STARTS, f"sum_over_time({started}[1d])", "starts of a day, of which failures are counted"
    )
    yield bench.info()
