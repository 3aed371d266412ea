"""Targets and feeds that run: each with its reader, and a refresher when it is slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.collect.reader import Outcome, Reader, Reading
from watchbill_exporters.core.collect.refresh import Refreshed, Refresher

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Clock, Deadline
    from watchbill_exporters.core.config.resolve import FeedConfig, Target
    from watchbill_exporters.core.contract import Feed


@dataclass(frozen=True)
class LiveTarget:
    """An entry of `targets:` with its open client."""

    target: Target
    reader: Reader
    refresher: Refresher | None = None

    @classmethod
    def open(cls, target: Target, clock: Clock, *, refresh: bool = True) -> LiveTarget:
        reader = Reader(target.name, target.source.connect(target.config), target.source.families, clock)
        if target.refresh is None or not refresh:
            return cls(target, reader)
        return cls(target, reader, Refresher(reader, target.refresh, target.timeout, clock))

    @property
    def name(self) -> str:
        return self.target.name

    def close(self) -> None:
        if self.refresher is not None:
            self.refresher.stop()
        self.reader.close()


@dataclass(frozen=True)
class LiveFeed:
    """A feed that receives."""

    feed_config: FeedConfig
    feed: Feed[Any, Any]
    reader: Reader

    @classmethod
    def open(cls, config: FeedConfig, clock: Clock) -> LiveFeed:
        feed = config.source.connect(config.config)
        return cls(config, feed, Reader(config.source.kind, feed, config.source.families, clock))

    @property
    def name(self) -> str:
        return self.feed_config.source.kind


@dataclass(frozen=True)
class Result:
    """What one scrape got of one target."""

    name: str
    outcome: Outcome
    refreshed: Refreshed | None = None


@dataclass(frozen=True)
class Pending:
    """A read that was begun."""

    live: LiveTarget | LiveFeed
    reading: Reading
    deadline: Deadline


def read_all(lives: list[LiveTarget | LiveFeed], deadline: Deadline, clock: Clock) -> list[Result]:
    """Read all of them in parallel, and be back by the deadline."""
    started = clock.monotonic()
    begun: list[Pending | Result] = [_begin(live, deadline) for live in lives]
    return [one if isinstance(one, Result) else _end(one, started, clock) for one in begun]


def _begin(live: LiveTarget | LiveFeed, deadline: Deadline) -> Pending | Result:
    if isinstance(live, LiveFeed):
        return Pending(live, live.reader.begin(deadline), deadline)
    if live.refresher is not None:
        shown = live.refresher.shown()
        live.reader.note(shown.attempt)
        return Result(live.name, shown.attempt, shown)
    own = deadline.within(live.target.timeout)
    return Pending(live, live.reader.begin(own), own)


def _end(pending: Pending, started: float, clock: Clock) -> Result:
    outcome = pending.reading.wait(pending.deadline, started, clock.monotonic())
    return Result(pending.live.name, pending.live.reader.note(outcome))
