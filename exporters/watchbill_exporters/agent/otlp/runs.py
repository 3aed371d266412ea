"""Traces -> runs: their outcome, duration, calls and cost; and who wants to know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import intake, runs
from watchbill_exporters.agent.listeners import SpanEvents
from watchbill_exporters.agent.otlp.outcomes import error_type_of, run_outcome
from watchbill_exporters.agent.otlp.sums import Sums, resolution
from watchbill_exporters.agent.otlp.table import Kind
from watchbill_exporters.agent.otlp.tree import above, outside, tree_of, wrappers

if TYPE_CHECKING:
    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.agent.otlp.count import Counting
    from watchbill_exporters.agent.otlp.record import Record
    from watchbill_exporters.agent.otlp.traces import Trace
    from watchbill_exporters.agent.otlp.tree import Tree

_JUDGE = Kind.JUDGE


class Closer:
    """What happens when a trace was held for long enough, and when it is closed. Under the tally's lock."""

    def __init__(self, hub: Hub, counting: Counting) -> None:
        self._hub, self._tally, self.counting = hub, hub.tally, counting

    def hold_over(self, trace: Trace) -> None:
        """Count calls of a run that is under way, under the best name there is for its agent."""
        if len(trace.costs) < len(trace.records):
            self._count(trace, tree_of(trace), {})

    def closed(self, trace: Trace, *, complete: bool) -> str | None:
        """Count what is left, then the runs. Return the agent, for spans that come later."""
        if not trace.records:
            return None
        tree, trace_id = tree_of(trace), trace.id.hex()
        sums = {run.span_id: Sums() for run in tree.runs}
        self._count(trace, tree, sums)
        before = trace.before
        if before is not None and not tree.runs:
            self._tally.add(intake.OTLP_LATE_SPANS, (), len(trace.records))
        for run in tree.runs:
            if before is not None and outside(run, trace.parents) in before.spans:
                self._subagent(before.agent or agent_of(trace, run, None), run)
            else:
                self._run(run, trace_id, sums[run.span_id])
        for run, subagent in tree.subagents:
            self._subagent(agent_of(trace, run, run), subagent)
        if not complete:
            self._given_up(trace, tree)
        return agent_of(trace, tree.runs[0], tree.runs[0]) if tree.runs else None

    def _count(self, trace: Trace, tree: Tree, sums: dict[bytes, Sums]) -> None:
        """Count every record once, and add each to the sums of its run."""
        self.counting.fresh()
        records, trace_id, count = trace.records, trace.id.hex(), self.counting.record
        skip = wrappers(trace)
        judges: set[bytes] = set()
        if trace.agentic:
            judges = {record.span_id for record in records if record.kind is _JUDGE}
        root = tree.root
        if root is not None and sums and not (trace.costs or skip or judges):  # most traces: one run, seen whole
            agent, add = agent_of(trace, root, root), sums[root.span_id].add
            for record in records:
                add(record, count(record, agent, trace_id))
                if record.events:
                    self._tell(record, agent, trace_id)
            return
        self._count_each(trace, tree, sums, skip, judges)

    def _count_each(
        self, trace: Trace, tree: Tree, sums: dict[bytes, Sums], skip: frozenset[bytes], judges: set[bytes]
    ) -> None:
        records, parents, costs, trace_id = trace.records, trace.parents, trace.costs, trace.id.hex()
        counted, root = len(costs), tree.root
        for index, record in enumerate(records):
            if record.span_id in skip:
                if index >= counted:
                    costs.append(0.0)
                continue
            owner = root or tree.owner(record, parents)
            if index >= counted:
                agent = agent_of(trace, record, owner)
                judge = bool(judges) and above(record.span_id, parents, judges, itself=True) is not None
                costs.append(self.counting.record(record, agent, trace_id, judge=judge))
                if record.events:
                    self._tell(record, agent, trace_id)
            if owner is not None and sums:
                sums[owner.span_id].add(record, costs[index])

    def _run(self, run: Record, trace_id: str, sums: Sums) -> None:
        tally = self._tally
        agent, outcome = run.agent or run.origin.agent, run_outcome(run)
        tally.add(runs.RUNS, (agent, outcome))
        tally.observe(runs.RUN_DURATION, (agent, outcome), run.seconds, trace_id)
        tally.observe(runs.MODEL_CALLS_PER_RUN, (agent,), sums.models, trace_id)
        tally.observe(runs.TOOL_CALLS_PER_RUN, (agent,), sums.tools, trace_id)
        if run.failed or run.error_type is not None:
            tally.add(runs.RUN_ERRORS, (agent, error_type_of(run)))
        if (seconds := resolution(run)) is not None:
            tally.observe(runs.TIME_TO_RESOLUTION, (agent,), seconds, trace_id)
        if self._hub.run_listeners:
            closed = sums.closed_run(run, trace_id, agent, outcome)
            for listener in self._hub.run_listeners:
                listener.run_closed(closed)

    def _subagent(self, agent: str, subagent: Record) -> None:
        name = subagent.agent or subagent.origin.agent
        self._tally.add(runs.SUBAGENT_RUNS, (agent, name, run_outcome(subagent)))

    def _given_up(self, trace: Trace, tree: Tree) -> None:
        """A run of which only parts came: its process may have been killed."""
        self._tally.add(intake.OTLP_RUNS_EXPIRED, ())
        if trace.before is None and not tree.runs:
            named = next((record for record in trace.records if record.agent is not None), None)
            if named is not None:
                self._tally.add(runs.RUNS, (named.agent or "", "timeout"))

    def _tell(self, record: Record, agent: str, trace_id: str) -> None:
        told = SpanEvents(
            trace_id,
            record.span_id.hex(),
            agent,
            record.operation or "",
            record.started / 1e9,
            record.ended / 1e9,
            record.failed,
            record.events,
            root=not record.parent_id,
        )
        for listener in self._hub.span_listeners:
            listener.span_events(told)


def agent_of(trace: Trace, record: Record, owner: Record | None) -> str:
    """Return the agent a record is counted under: that of its run, however many subagents are between."""
    if owner is not None:
        return owner.agent or owner.origin.agent
    if trace.before is not None and trace.before.agent is not None:
        return trace.before.agent
    return record.agent or record.origin.agent
