"""Which spans of a trace are runs, which are subagents of them, and which calls belong to which run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchbill_exporters.agent.otlp.table import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from watchbill_exporters.agent.otlp.record import Record
    from watchbill_exporters.agent.otlp.traces import Trace

DEEPEST = 1000  # spans may say that they are each other's parents


@dataclass(frozen=True)
class Tree:
    """The runs of a trace: spans of agents that no other agent's span is above of."""

    runs: tuple[Record, ...]
    subagents: tuple[tuple[Record, Record], ...] = ()
    """(run, subagent)."""
    run_of_agent: Mapping[bytes, Record] = field(default_factory=dict)

    @property
    def root(self) -> Record | None:
        """Return the run that is the whole trace, if it is one."""
        return self.runs[0] if len(self.runs) == 1 and not self.runs[0].parent_id else None

    def owner(self, record: Record, parents: Mapping[bytes, bytes]) -> Record | None:
        """Return the run a record belongs to."""
        runs = self.runs
        found = above(record.span_id, parents, self.run_of_agent.keys(), itself=True)
        if found is not None:
            return self.run_of_agent[found]
        return runs[0] if len(runs) == 1 else None


def tree_of(trace: Trace) -> Tree:
    agents = trace.agents or [r for r in trace.records if r.kind is Kind.CHAIN and _at_root(r, trace.parents)]
    if len(agents) == 1:
        return Tree((agents[0],), (), {agents[0].span_id: agents[0]})
    by_id = {agent.span_id: agent for agent in agents}
    run_of: dict[bytes, Record] = {}
    for agent in agents:
        top, seen = agent, 0
        while (higher := above(top.span_id, trace.parents, by_id.keys())) is not None and seen < DEEPEST:
            top, seen = by_id[higher], seen + 1
        run_of[agent.span_id] = top
    runs = tuple(agent for agent in agents if run_of[agent.span_id] is agent)
    return Tree(runs, tuple((run_of[a.span_id], a) for a in agents if run_of[a.span_id] is not a), run_of)


def above(
    span_id: bytes, parents: Mapping[bytes, bytes], wanted: AbstractSet[bytes], *, itself: bool = False
) -> bytes | None:
    """Return the nearest of the wanted spans above a span, or the span itself."""
    if itself and span_id in wanted:
        return span_id
    found = parents.get(span_id)
    for _ in range(DEEPEST):
        if not found:
            return None
        if found in wanted:
            return found
        found = parents.get(found)
    return None


def wrappers(trace: Trace) -> frozenset[bytes]:
    """Return spans of model calls that have a model call below: a framework's and its client's of one call."""
    models, parents = trace.models, trace.parents
    if len(models) < 2:
        return frozenset()
    agents = {agent.span_id for agent in trace.agents}
    found = set()
    for span_id in models:
        parent = parents[span_id]
        if parent and parent not in agents and (higher := above(span_id, parents, models)) is not None:
            found.add(higher)
    return frozenset(found)


def _at_root(record: Record, parents: Mapping[bytes, bytes]) -> bool:
    return record.parent_id not in parents


def outside(record: Record, parents: Mapping[bytes, bytes]) -> bytes:
    """Return the parent of the topmost span above that is known: empty at a root."""
    found = record.parent_id
    for _ in range(DEEPEST):
        if found not in parents:
            return found
        found = parents[found]
    return b""
