"""`streams:` edge logs, and spans with stream events."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import Field

from watchbill_exporters.agent.catalogue import streams as names
from watchbill_exporters.agent.catalogue.records import STREAMS_EVICTED
from watchbill_exporters.agent.streams.event import StreamEvent, parse
from watchbill_exporters.agent.streams.spans import stream_events
from watchbill_exporters.agent.streams.tracker import Patience, Tracker
from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.fields import Duration
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.decode import RefusedError
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.agent.listeners import SpanEvents
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver

NAME = "streams"
LOOK_EVERY = 1.0


class StreamsSection(FilesSection):
    """Streams to users, from edge logs and from spans."""

    stall_after: Duration = Field(30.0, description="A silence of so long is a stall.")
    give_up_after: Duration = Field(3600.0, description="A stream without any line for so long has ended, stalled.")


@dataclass(frozen=True)
class StreamsConfig:
    tail: TailConfig
    by_state: bool = True
    patience: Patience = field(default_factory=Patience)


class Streams:
    """Handles the lines of edge logs, and listens to spans."""

    def __init__(self, tally: Tally) -> None:
        self.tracker = Tracker(tally)
        self._tally = tally
        self._looked_at = 0.0

    def configure(self, config: StreamsConfig) -> None:
        self.tracker.patience = config.patience

    def parse(self, fields: Fields) -> StreamEvent:
        return parse(fields)

    def prepare(self, records: Sequence[StreamEvent]) -> None:
        """Nothing is slow."""

    def apply(self, record: StreamEvent) -> None:
        self.tracker.take(record)

    def span_events(self, span: SpanEvents) -> None:
        with suppress(RefusedError):  # two spans with one id are one stream
            for event in stream_events(span):
                self.tracker.take(event)

    def look(self, now: float, *, caught_up: bool) -> None:
        if caught_up and now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            self.tracker.look(now)

    def show(self) -> None:
        for agent, count in self.tracker.active().items():
            self._tally.put(names.ACTIVE, (agent,), count)

    def export(self) -> list[Any]:
        return self.tracker.export()

    def restore(self, data: list[Any]) -> None:
        self.tracker.restore(data)


class StreamsFeed(InputFeed[StreamsConfig]):
    """Listens to spans while it is there."""

    hub: Hub

    def __init__(self, hub: Hub, config: StreamsConfig) -> None:
        self.streams = Streams(hub.tally)
        hub.tally.pin((*names.FAMILIES, STREAMS_EVICTED))
        super().__init__(NAME, hub, self.streams, config)
        hub.span_listeners.append(self.streams)

    def close(self) -> None:
        self.hub.span_listeners.remove(self.streams)
        super().close()


@dataclass(frozen=True)
class StreamsSource(InputSource):
    """Registered in agent/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[StreamsSection] = StreamsSection

    def resolve(self, section: StreamsSection, resolver: Resolver) -> StreamsConfig:
        if section.give_up_after < section.stall_after:
            raise InvalidError(("give_up_after",), "is shorter than stall_after", "A stream stalls, then is given up.")
        patience = Patience(section.stall_after, section.give_up_after)
        return StreamsConfig(*tail_config(section, resolver), patience)

    def connect(self, config: StreamsConfig) -> StreamsFeed:
        return StreamsFeed(self.hub, config)
