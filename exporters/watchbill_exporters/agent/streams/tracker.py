"""Streams that are open, and what becomes of them. All times are those of the events, but for silence that goes on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.catalogue import streams as names
from watchbill_exporters.agent.catalogue.records import STREAMS_EVICTED
from watchbill_exporters.agent.streams.event import Kind, StreamEvent
from watchbill_exporters.core.records.decode import Refusal, RefusedError

if TYPE_CHECKING:
    from watchbill_exporters.core.memory.tally import Tally

LATENESS = 5.0  # seconds a line may take from its event to us before silence is believed
MOST_OPEN = 100_000


@dataclass(frozen=True)
class Patience:
    """After how long a silence is a stall, and after how long a stream without an end is given up."""

    stall_after: float = 30.0
    give_up_after: float = 3600.0


@dataclass(slots=True)
class Open:
    """A stream under way. `last` is its last event that the user saw, at first its start."""

    agent: str
    opened: float
    last: float
    touched: float
    trace_id: str | None = None
    seen: bool = False
    stalled: bool = False
    max_gap: float = 0.0


_FIELDS = attrgetter(*(field.name for field in fields(Open)))  # asdict is ten times slower, under the lock


class Tracker:
    """Counts into the tally. Its lock is held by whoever calls."""

    def __init__(self, tally: Tally, patience: Patience | None = None, most_open: int = MOST_OPEN) -> None:
        self.patience = patience or Patience()
        self._tally, self._most_open = tally, most_open
        self._open: dict[str, Open] = {}
        self._agents: set[str] = set()

    def take(self, event: StreamEvent) -> None:
        """Take an event. Raises RefusedError when its stream is not open, or is open already."""
        if (event.kind is Kind.OPEN) is (event.stream in self._open) and event.kind is not Kind.RECONNECT:
            raise RefusedError(Refusal.OUT_OF_PLACE)
        match event.kind:
            case Kind.OPEN:
                self._begin(event)
            case Kind.DATA:
                self._data(self._open[event.stream], event.at)
            case Kind.HEARTBEAT:
                stream = self._open[event.stream]
                stream.touched = max(stream.touched, event.at)
            case Kind.END:
                self._end(event)
            case Kind.RECONNECT:
                pass
        if event.cursor:
            self._tally.add(names.RECONNECTS, (event.cursor, event.result))

    def look(self, now: float) -> None:
        """Count silence that goes on, once each, so that an alert need not wait for its end."""
        given_up = []
        for key, stream in self._open.items():
            if now - stream.last >= self.patience.stall_after + LATENESS and not stream.stalled:
                self._stall(stream)
            if now - stream.touched >= self.patience.give_up_after + LATENESS:
                given_up.append((key, stream.touched))
        for key, at in given_up:
            self._end(StreamEvent(Kind.END, at + self.patience.give_up_after, key, outcome="stalled"))

    def active(self) -> dict[str, int]:
        """Return the number of open streams by agent; 0 for those that had some before."""
        out = dict.fromkeys(self._agents, 0)
        for stream in self._open.values():
            out[stream.agent] = out.get(stream.agent, 0) + 1
        self._agents = {agent for agent, count in out.items() if count}
        return out

    def export(self) -> list[Any]:
        return [[key, *_FIELDS(stream)] for key, stream in self._open.items()]

    def restore(self, rows: list[Any]) -> None:
        self._open = {str(key): Open(*row) for key, *row in rows}

    def _begin(self, event: StreamEvent) -> None:
        if len(self._open) >= self._most_open:
            del self._open[next(iter(self._open))]
            self._tally.add(STREAMS_EVICTED, ())
        agent = self._tally.admitted(names.ACTIVE, (event.agent,))[0]
        self._open[event.stream] = Open(agent, event.at, event.at, event.at, event.trace_id)

    def _data(self, stream: Open, at: float) -> None:
        gap = self._silence(stream, at)
        if stream.seen:
            stream.max_gap = max(stream.max_gap, gap)
        else:
            stream.seen = True
            self._tally.observe(names.FIRST_EVENT, (stream.agent,), gap, stream.trace_id)
        stream.stalled = False
        stream.last = stream.touched = max(stream.last, at)

    def _end(self, event: StreamEvent) -> None:
        stream = self._open.pop(event.stream)
        gap = self._silence(stream, event.at)
        if stream.seen:
            longest = max(stream.max_gap, gap)
            self._tally.observe(names.MAX_GAP, (stream.agent,), longest, event.trace_id or stream.trace_id)
        outcome = event.outcome or "truncated"
        if gap >= self.patience.stall_after and outcome in {"client_closed", "truncated"}:
            outcome = "stalled"  # whoever hung up did so because nothing came
        self._tally.add(names.STREAMS, (stream.agent, outcome))

    def _silence(self, stream: Open, at: float) -> float:
        gap = max(0.0, at - stream.last)
        if gap >= self.patience.stall_after and not stream.stalled:
            self._stall(stream)
        return gap

    def _stall(self, stream: Open) -> None:
        stream.stalled = True
        self._tally.add(names.STALLS, (stream.agent, "mid_stream" if stream.seen else "first_event"))
