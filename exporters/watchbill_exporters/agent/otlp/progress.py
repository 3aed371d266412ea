"""Gauges of runs under way: how many of which graph version, and since when the oldest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import runs
from watchbill_exporters.agent.otlp.record import UNKNOWN
from watchbill_exporters.agent.otlp.sums import graph_version
from watchbill_exporters.agent.otlp.table import Kind
from watchbill_exporters.core.overflow import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.agent.otlp.traces import Trace
    from watchbill_exporters.core.memory.tally import Tally

VERSIONS = 5
AGENTS = 1000


class Progress:
    """Remembers the latest versions of each agent; runs of older ones are shown together."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._latest: dict[str, dict[str, float]] = {}
        """Agent -> version -> start of its latest run."""

    def show(self, traces: Iterable[Trace]) -> None:
        """Set the gauges. A run is under way from its first span to its root span, which is sent when it ends."""
        seen: Counter[tuple[str, str]] = Counter()
        oldest: dict[tuple[str, ...], float] = {}
        for trace in traces:
            if trace.due is not None or not trace.agentic:
                continue
            agent = _agent(trace)
            version = graph_version(trace.records) or UNKNOWN
            started = min(record.started for record in trace.records) / 1e9
            seen[agent, version] += 1
            oldest[agent,] = min(oldest.get((agent,), started), started)
            self._note(agent, version, started)
        # a version whose runs have all ended has 0 of them, which is not nothing
        counts: Counter[tuple[str, ...]] = Counter(
            {(a, v): 0 for a, versions in self._latest.items() for v in versions}
        )
        for (agent, version), count in seen.items():
            counts[agent, version if version in self._latest.get(agent, ()) else OTHER] += count
        self._tally.replace(runs.RUNS_IN_PROGRESS, counts)
        self._tally.replace(runs.OLDEST_RUN, oldest)

    def _note(self, agent: str, version: str, started: float) -> None:
        if agent not in self._latest and len(self._latest) >= AGENTS:
            return
        latest = self._latest.setdefault(agent, {})
        latest[version] = max(latest.get(version, started), started)
        if len(latest) > VERSIONS:
            del latest[min(latest, key=latest.__getitem__)]


def _agent(trace: Trace) -> str:
    """Spans of agents that have come before the root are subagents', so they do not name the run."""
    if trace.before is not None and trace.before.agent is not None:
        return trace.before.agent
    named = (record.agent for record in trace.records if record.agent is not None and record.kind is not Kind.AGENT)
    return next(named, trace.records[0].origin.agent)
