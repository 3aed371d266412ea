"""Traces under way, and those closed lately: which spans were seen, when to count them, when a run is over."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from watchbill_exporters.agent.otlp.table import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from watchbill_exporters.agent.otlp.record import Record

_MODEL, _AGENT = Kind.MODEL, Kind.AGENT
FEW = 16


@dataclass(frozen=True)
class Patience:
    """How long things are waited for, in seconds, and how much is kept meanwhile."""

    settle: float = 5.0
    """From the end of a root span until its run is closed: for spans of other processes."""
    hold: float = 30.0
    """Until calls of a run under way are counted, although its root, and so its agent, is not known yet."""
    give_up: float = 600.0
    """Without a new span until a run is closed although its root span never came."""
    spans: int = 200_000
    """Spans of traces under way; over it, the oldest traces are closed."""
    remembered: int = 200_000
    """Spans of closed traces, to know duplicates by."""


class Trace:
    """One trace under way."""

    __slots__ = ("agentic", "agents", "before", "closed", "costs", "due", "id", "models", "parents", "records", "seen")

    def __init__(self, trace_id: bytes, now: float, before: Closed | None) -> None:
        self.id, self.seen, self.before = trace_id, now, before
        self.parents: dict[bytes, bytes] = {}
        self.records: list[Record] = []
        self.agents: list[Record] = []
        self.models: set[bytes] = set()
        self.costs: list[float] = []
        """What each of those records cost that are in the counters already."""
        self.agentic = False
        self.due: float | None = None
        self.closed = False

    def add(self, record: Record) -> None:
        self.records.append(record)
        kind = record.kind
        if kind is _MODEL:
            self.models.add(record.span_id)
            if record.agent is not None:
                self.agentic = True
        else:
            self.agentic = True
            if kind is _AGENT:
                self.agents.append(record)


@dataclass
class Closed:
    """What is remembered of a closed trace."""

    agent: str | None
    spans: Collection[bytes]


class Closing(Protocol):
    """What the store of traces tells; it counts nothing itself."""

    def hold_over(self, trace: Trace) -> None:
        """Count the records that `costs` does not have yet; the trace stays open."""

    def closed(self, trace: Trace, *, complete: bool) -> str | None:
        """Count all that is left and the runs; return the agent of the trace."""


class Traces:
    """Bounded; not thread-safe: the caller holds the tally's lock."""

    def __init__(self, patience: Patience, closing: Closing) -> None:
        self.patience = patience
        self._closing = closing
        self._open: OrderedDict[bytes, Trace] = OrderedDict()
        self._remembered: OrderedDict[bytes, Closed] = OrderedDict()
        self._remembered_spans = 0
        self._due: deque[Trace] = deque()
        self._checks: deque[tuple[float, Trace]] = deque()
        self._pending = 0

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._open.values())

    def of(self, trace_id: bytes, now: float) -> Trace | None:
        """Return the open trace of an id, a new one if need be; None when the id is none."""
        trace = self._open.get(trace_id)
        if trace is None:
            if len(trace_id) != 16 or not any(trace_id):
                return None
            trace = self._open[trace_id] = Trace(trace_id, now, self._remembered.get(trace_id))
            self._checks.append((now + self._step, trace))
            if len(self._checks) > 2 * len(self._open) + 1000:  # most are closed long before they are checked
                self._checks = deque(check for check in self._checks if not check[1].closed)
        trace.seen = now
        return trace

    def complete(self, trace: Trace, now: float) -> None:
        """The root span has come: close the trace once it has settled."""
        if trace.due is None:
            trace.due = now + self.patience.settle
            self._due.append(trace)

    def advance(self, now: float) -> None:
        """Do what is due."""
        due, checks = self._due, self._checks
        while due and (due[0].closed or (due[0].due or 0.0) <= now):
            trace = due.popleft()
            if not trace.closed:
                self._close(trace, complete=True)
        while checks and (checks[0][1].closed or checks[0][0] <= now):
            _, trace = checks.popleft()
            if trace.closed:
                continue
            if trace.seen + self.patience.give_up <= now:
                self._close(trace, complete=False)
            else:
                self._closing.hold_over(trace)
                checks.append((now + self._step, trace))

    def bound(self, added: int) -> None:
        """Tell how many spans were added; close the oldest traces while there are too many."""
        self._pending += added
        while self._pending > self.patience.spans and self._open:
            self._close(next(iter(self._open.values())), complete=False)

    def finish(self) -> None:
        """The exporter ends: close what is complete, count what is there of the rest."""
        for trace in tuple(self._open.values()):
            if trace.due is not None:
                self._close(trace, complete=True)
            else:
                self._closing.hold_over(trace)

    @property
    def _step(self) -> float:
        return min(self.patience.hold, self.patience.give_up)

    def _close(self, trace: Trace, *, complete: bool) -> None:
        trace.closed = True
        del self._open[trace.id]
        self._pending -= len(trace.parents)
        agent = self._closing.closed(trace, complete=complete)
        if trace.records:
            self._remember(trace, agent)
        trace.records, trace.agents, trace.models, trace.parents = [], [], set(), {}

    def _remember(self, trace: Trace, agent: str | None) -> None:
        before = self._remembered.pop(trace.id, None)
        if before is None:
            self._remembered[trace.id] = Closed(agent, _compact((*trace.parents,)))
        else:
            self._remembered[trace.id] = Closed(agent or before.agent, _compact((*before.spans, *trace.parents)))
        self._remembered_spans += len(trace.parents)
        while self._remembered_spans > self.patience.remembered:
            _, oldest = self._remembered.popitem(last=False)
            self._remembered_spans -= len(oldest.spans)


def _compact(spans: tuple[bytes, ...]) -> Collection[bytes]:
    """Return what `in` is quick on: a set, but of a few spans the tuple, which takes a sixth of the memory."""
    return spans if len(spans) <= FEW else frozenset(spans)
