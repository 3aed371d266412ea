"""Gauges of runs under way: how many of which graph version, and since when the oldest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import runs
from watchbill_exporters.agent.otlp.runs import agent_of
from watchbill_exporters.agent.otlp.sums import graph_version
from watchbill_exporters.core.overflow import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.agent.otlp.traces import Trace
    from watchbill_exporters.agent.tally import Tally

VERSIONS = 5
AGENTS = 1000


class Progress:
    """Remembers the latest versions of each agent; runs of older ones are shown together."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._versions: dict[str, list[str]] = {}

    def show(self, traces: Iterable[Trace]) -> None:
        """Set the gauges. A run is under way from its first span to its root span, which is sent when it ends."""
        counts: dict[tuple[str, ...], float] = {}
        oldest: dict[tuple[str, ...], float] = {}
        for trace in traces:
            if trace.due is not None or not trace.agentic:
                continue
            agent = agent_of(trace, trace.records[-1], None)
            key = agent, self._version(agent, graph_version(trace.records))
            counts[key] = counts.get(key, 0.0) + 1
            started = min(record.started for record in trace.records) / 1e9
            oldest[agent,] = min(oldest.get((agent,), started), started)
        for agent, versions in self._versions.items():  # a version whose runs have ended has none, which is not nothing
            for version in versions:
                counts.setdefault((agent, version), 0.0)
        self._tally.replace(runs.RUNS_IN_PROGRESS, counts)
        self._tally.replace(runs.OLDEST_RUN, oldest)

    def _version(self, agent: str, version: str) -> str:
        known = self._versions.get(agent)
        if known is None:
            if len(self._versions) >= AGENTS:
                return OTHER
            known = self._versions[agent] = []
        if version not in known:
            known.append(version)
            del known[:-VERSIONS]
        return version
