"""Names of the section `capacity:`: recorded series, alerts and the board."""

from __future__ import annotations

from watchbill.conventions import CAPACITY, camel
from watchbill.durations import format_duration

BOARD = CAPACITY
INFO = "capacity:info"
"""Names the items: labels title, owner and kind."""

QUEUE_DEPTH = "queue:depth:sum"
QUEUE_OLDEST_READY = "queue:oldest_ready_age_seconds:max"
QUEUE_OLDEST_RUNNING = "queue:oldest_running_age_seconds:max"
QUEUE_SLOTS = "queue:slots:sum"
QUEUE_STALLED = "queue:stalled_workers:sum"
QUEUE_CAPACITY = "queue:capacity:rate"
QUEUE_LOAD = "queue:offered_load:erlangs"
QUEUE_UTILISATION = "queue:utilisation:ratio"
QUEUE_WAIT = "queue:wait_seconds:estimate"
QUEUE_WAIT_LIMIT = "queue:wait_seconds:limit"
QUEUE_FORECAST = "queue:wait_seconds:forecast15m"
QUEUE_DRAIN = "queue:drain_seconds:estimate"
QUEUE_NEEDED = "queue:workers_needed:ceil"

STORE_SIZE = "store:size:bytes"
STORE_MAX = "store:size_bytes:max1d"
STORE_LIMIT = "store:size_bytes:limit"
STORE_FILL = "store:fill:ratio"
STORE_DAYS_LEFT = "store:days_left:estimate"
STORE_WRITE_AGE = "store:newest_write_age_seconds:min"

POOL_IN_USE = "pool:in_use:sum"
POOL_CAPACITY = "pool:capacity:sum"
POOL_SATURATION = "pool:saturation:ratio"
POOL_SATURATION_LIMIT = "pool:saturation:limit"
POOL_MINUTES = "pool:running_minutes:rate1h"
POOL_OLDEST = "pool:oldest_age_seconds:max"
POOL_FLOOR = "pool:in_use:min1d"
POOL_STARTS = "pool:starts:sum1d"

FAN_SLOTS = "fanout:slots:sum"
FAN_SERVICE = "fanout:service_seconds:mean1d"
FAN_DUE = "fanout:jobs_due:sum"
FAN_DRAIN = "fanout:drain_seconds:estimate"
FAN_PEAK = "fanout:peak_jobs:max"
FAN_NEEDED = "fanout:slots_needed:ceil"
FAN_MISSED = "fanout:missed_firings:increase1h"
FAN_AGE = "fanout:last_fired_age_seconds:min"


def share_tile(share: str, what: str, interval: int) -> str:
    """Exact count of one rule interval (ms): `pool:slow_starts_errors:increase30s`; `what` is "events" or "errors"."""
    return f"pool:{share}_{what}:increase{format_duration(interval)}"


def share_sum(share: str, what: str, window: int) -> str:
    """Exact count over a window (ms): `pool:slow_starts_errors:sum1h`."""
    return f"pool:{share}_{what}:sum{format_duration(window)}"


def slope(window: int) -> str:
    """Bytes per day that a store grows by, fitted to its daily highs of a window (ms)."""
    return f"store:growth_bytes:slope{format_duration(window)}"


def usual_growth(window: int) -> str:
    """Bytes that it grows by on the median day of a window (ms)."""
    return f"store:growth_bytes:median{format_duration(window)}"


def arrivals(window: int) -> str:
    """Jobs per second over a window (ms): `queue:arrivals:rate1h`."""
    return f"queue:arrivals:rate{format_duration(window)}"


def served(window: int) -> str:
    """Jobs finished per second over a window (ms): `queue:served:rate30m`."""
    return f"queue:served:rate{format_duration(window)}"


def service(window: int) -> str:
    """Mean seconds that a job takes, over a window (ms): `queue:service_seconds:mean30m`."""
    return f"queue:service_seconds:mean{format_duration(window)}"


def alert(item: str, what: str) -> str:
    """Alert of an item: `RunQueueWaitForecast`."""
    return f"{camel(item)}{what}"
