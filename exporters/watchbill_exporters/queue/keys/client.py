"""All keys in one round trip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.keys.config import STATES, TIMES
from watchbill_exporters.queue.links.redis import connected
from watchbill_exporters.queue.snapshot import Queue, Snapshot

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.keys.config import KeysConfig, Measure, Probe

SIZES = {"list": "llen", "set": "scard", "zset": "zcard", "hash": "hlen", "stream": "xlen"}


class KeysClient:
    """One Redis."""

    def __init__(self, config: KeysConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()

    def read(self, deadline: Deadline) -> Snapshot:
        now = self._clock.now()
        with connected(self._config.redis, deadline.left()) as client:
            pipe = client.pipeline(transaction=False)
            for probe in self._config.probes:
                _ask(pipe, probe, now)
            replies = pipe.execute()
        found: dict[str, dict[str, float]] = {probe.queue: {} for probe in self._config.probes}
        for probe, reply in zip(self._config.probes, replies, strict=True):
            value = _value(probe, reply, now)
            if value is not None:
                found[probe.queue][probe.figure] = value
        return Snapshot(tuple(_queue(name, figures) for name, figures in found.items()))

    def close(self) -> None:
        """Nothing is kept open."""


def _queue(name: str, figures: dict[str, float]) -> Queue:
    jobs = {State(figure): int(value) for figure, value in figures.items() if figure in STATES}
    others: dict[str, Any] = {figure: value for figure, value in figures.items() if figure not in STATES}
    if "workers" in others:
        others["workers"] = int(others["workers"])
    if "oldest_ready" in others:
        others["age_exact"] = True
    return Queue(name, jobs=jobs, **others)


def _ask(pipe: Any, probe: Probe, now: float) -> None:
    measure = probe.measure
    if measure.type == "number":
        pipe.get(measure.key)
    elif measure.group is not None:
        pipe.xinfo_groups(measure.key)
    elif probe.figure in TIMES and measure.type == "stream":
        pipe.execute_command("XINFO STREAM", measure.key)
    elif probe.figure in TIMES:
        pipe.zrange(measure.key, 0, 0, withscores=True)
    elif measure.pick != "all":
        edge = now / measure.scale
        pipe.zcount(measure.key, *(("-inf", edge) if measure.pick == "due" else (f"({edge}", "+inf")))
    else:
        getattr(pipe, SIZES[measure.type])(measure.key)


def _value(probe: Probe, reply: Any, now: float) -> float | None:
    measure = probe.measure
    if measure.type == "number":
        return None if reply is None else _number(measure, reply) * measure.scale
    if measure.group is not None:
        return _of_group(measure, reply)
    if probe.figure not in TIMES:
        return float(reply)
    at = _first_entry(reply) if measure.type == "stream" else reply[0][1] * measure.scale if reply else None
    return at if at is None or at <= now else None  # what is not due yet does not wait


def _number(measure: Measure, reply: bytes) -> float:
    try:
        return float(reply)
    except ValueError:
        raise ScrapeError(Reason.PARSE, f"the key {measure.key} holds no number") from None


def _of_group(measure: Measure, reply: Any) -> float | None:
    """Return lag or pending; the lag is not known to Redis once entries were deleted from the middle."""
    for group in reply:
        if group["name"] == (measure.group or "").encode():
            return None if group[measure.pick] is None else float(group[measure.pick])
    raise ScrapeError(Reason.PARSE, f"the stream {measure.key} has no group {measure.group}")


def _first_entry(reply: Any) -> float | None:
    """Return the time of a stream's first entry: the milliseconds that its id begins with."""
    first = reply["first-entry"]
    return None if first is None else int(first[0].split(b"-")[0]) / 1000
