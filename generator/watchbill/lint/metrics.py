"""Selectors that select the wrong thing, as far as names and matchers can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import promql, regexes
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.kinds.slis import Latency, Ratio, Raw, Windows
from watchbill.kinds.slis.base import Counted
from watchbill.kinds.slis.latency import known_bounds
from watchbill.kinds.slis.windows import placed
from watchbill.promql import Op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context, Item, Named, Read

NOT_SUBSET = Code(
    "WB230",
    "Bad events are not among all events",
    "The error ratio would exceed what it measures, or never see its errors: `bad` selects series `total` leaves out.",
    "Let `total` select every series that `bad` (or `good`) selects.",
    Severity.WARNING,
)
CANNOT_MATCH = Code(
    "WB231",
    "Selector that matches nothing",
    "No label set satisfies all its matchers, so the rule would stay silent for ever.",
    "Look at the matchers on one label: they contradict each other.",
)
NOT_A_COUNTER = Code(
    "WB232",
    "Counter expected",
    "Increases of a gauge are noise: each fall counts as a restart. Counters end in _total, _count, _sum or _bucket.",
    "Name the counter; for a gauge use availability, freshness or windows. A counter by another name may stay.",
    Severity.WARNING,
)
A_COUNTER = Code(
    "WB233",
    "Gauge expected",
    "A counter only ever rises: compared with a limit it says how old the process is.",
    "Name a gauge; for a counter use a ratio SLI, or put it under rate() or increase().",
    Severity.WARNING,
)
MATCHES_ALL = Code(
    "WB234",
    "Regex that matches everything",
    "The matcher reads as if it chose something, and costs a regex on every series.",
    "Drop the matcher.",
    Severity.WARNING,
)
HIGH_CARDINALITY = Code(
    "WB235",
    "Label with too many values",
    "Every value of a `by` label gets all the series and alerts of the item, for ever.",
    "Keep it by something bounded (agent, route, region), or give the label an allow-list.",
    Severity.WARNING,
)
NO_JOB = Code(
    "WB236",
    "Selector without a job",
    "The guard against recounting reads the `up` of every target, and counters of other jobs may be mixed in.",
    'Add a matcher on job: {job="..."}.',
    Severity.INFO,
)
NO_COMMON_LABELS = Code(
    "WB237",
    "Operands that cannot match",
    "A binary operator pairs series with equal label sets; sides aggregated by different labels have none in common.",
    "Aggregate both sides by the same labels, or say `on (...)` or `ignoring (...)`.",
    Severity.WARNING,
)
BOUNDS_UNKNOWN = Code(
    "WB238",
    "Histogram bounds are not known",
    "A threshold that is no bound selects no bucket: everything counts as too slow. Only known bounds can be checked.",
    "List the histogram's bounds in `bounds:`.",
    Severity.WARNING,
)
CODES = (
    NOT_SUBSET,
    CANNOT_MATCH,
    NOT_A_COUNTER,
    A_COUNTER,
    MATCHES_ALL,
    HIGH_CARDINALITY,
    NO_JOB,
    NO_COMMON_LABELS,
    BOUNDS_UNKNOWN,
)

COUNTER_ENDS = ("_total", "_count", "_sum", "_bucket")
UNBOUNDED = frozenset(
    [
        "user",
        "user_id",
        "enduser",
        "email",
        "api_key",
        "client_ip",
        "ip",
        "user_agent",
        "session",
        "session_id",
        "thread",
        "thread_id",
        "conversation",
        "conversation_id",
        "run",
        "run_id",
        "trace",
        "trace_id",
        "span",
        "span_id",
        "request",
        "request_id",
        "tool_call_id",
        "checkpoint",
        "checkpoint_id",
        "sandbox_id",
        "container",
        "container_id",
        "snapshot",
        "snapshot_id",
        "prompt",
        "error_message",
        "message",
        "url",
        "path",
        "uri",
        "commit",
        "sha",
        "pid",
        "uuid",
        "id",
    ]
)
"""Labels the metric vocabulary bans: one value per user, request, run or text."""


def subset(context: Context) -> Iterator[Problem]:
    """What `bad` or `good` selects, `total` selects too (one metric only: across metrics nobody can tell)."""
    for item in context.items:
        sli = item.slo.sli
        if not isinstance(sli, Ratio) or sli.part.metric != sli.total.metric:
            continue
        role = "good" if sli.bad is None else "bad"
        example = sli.narrowed(sli.part).example()
        if example is not None and not sli.total.matches(example):
            shown = ", ".join(f"{k}={v!r}" for k, v in example.items())
            yield Problem(item.at("sli", role), NOT_SUBSET, f"'{role}' selects {{{shown}}}, which 'total' leaves out")
        elif example is not None and sli.narrowed(sli.total).example(avoid=sli.part) is None:
            yield Problem(item.at("sli", role), NOT_SUBSET, f"'{role}' selects all that 'total' selects")


def possible(context: Context) -> Iterator[Problem]:
    """Selectors can match."""
    for read in _once(context):
        if _impossible(read.selector):
            yield Problem(read.path, CANNOT_MATCH, f"no series can satisfy {read.selector}")


def _once(context: Context) -> Iterator[Read]:
    """Yield what is read, the first of each place: the series of one histogram have the same matchers."""
    for named in context.named:
        yield from {read.path: read for read in reversed(named.reads)}.values()


def _impossible(selector: promql.Selector) -> bool:
    """Whether equalities contradict the other matchers of a label; regexes alone are given the benefit of the doubt."""
    for fixed in (m for m in selector.matchers if m.op is Op.EQ):
        if not all(m.matches({fixed.name: fixed.value} if fixed.value else {}) for m in selector.on([fixed.name])):
            return True
    return False


def types(context: Context) -> Iterator[Problem]:
    """Counters are named like counters, gauges are not."""
    for read in (read for named in context.named for read in named.reads):
        counter = read.selector.metric.endswith(COUNTER_ENDS)
        if read.type == "counter" and not counter:
            yield Problem(read.path, NOT_A_COUNTER, f"'{read.selector.metric}' is not named like a counter")
        if read.type == "gauge" and counter:
            yield Problem(read.path, A_COUNTER, f"'{read.selector.metric}' is named like a counter")


def queries(context: Context) -> Iterator[Problem]:
    """In the user's own expressions, counters stand under rate, and gauges do not."""
    for item in context.items:
        sli = item.slo.sli
        found = {"events": sli.events, "bad": sli.bad, "good": sli.good} if isinstance(sli, Raw) else {}
        if isinstance(sli, Windows):
            found = {"query": sli.query}
        for role, query in found.items():
            if query is None:
                continue
            expr = promql.parse(placed(query, 60_000))
            yield from _query(item, role, expr)
            if text := _unmatched(expr):
                yield Problem(item.at("sli", role), NO_COMMON_LABELS, text)


def _unmatched(expr: Any) -> str:
    """Return what is wrong with the first binary operator whose sides have different labels; empty if all fit."""
    for node in promql.nodes(expr):
        if not isinstance(node, promql.BinaryExpr) or _modified(node):
            continue
        left, right = promql.outer_labels(node.lhs), promql.outer_labels(node.rhs)
        if left is not None and right is not None and set(left) != set(right):
            return f"sides by ({', '.join(left)}) and by ({', '.join(right)}) have no label set in common"
    return ""


def _modified(node: Any) -> bool:
    return node.modifier is not None and node.modifier.matching is not None


def bounds(context: Context) -> Iterator[Problem]:
    """Classic histograms have known bounds."""
    for item in context.items:
        sli = item.slo.sli
        if isinstance(sli, Latency) and not sli.bounds and not known_bounds(sli.histogram.metric):
            text = f"the bounds of '{sli.histogram.metric}' are not known, so the threshold cannot be checked"
            yield Problem(item.at("sli", "within"), BOUNDS_UNKNOWN, text)


def _query(item: Item, role: str, expr: Any) -> Iterator[Problem]:
    under_rate = set()
    for node in promql.nodes(expr):
        function = getattr(getattr(node, "func", None), "name", "")
        for argument in getattr(node, "args", None) or ():
            for selector in promql.selectors(argument):
                rated = function in {"rate", "increase", "irate", "resets"}
                if rated:
                    under_rate.add(str(selector.prettify()))
                if rated and selector.name and not selector.name.endswith(COUNTER_ENDS):
                    text = f"{function}() of '{selector.name}', which is not named like a counter"
                    yield Problem(item.at("sli", role), NOT_A_COUNTER, text)
    for selector in promql.selectors(expr):
        if selector.name and selector.name.endswith(COUNTER_ENDS) and str(selector.prettify()) not in under_rate:
            yield Problem(item.at("sli", role), A_COUNTER, f"'{selector.name}' is a counter and stands under no rate()")


def needless(context: Context) -> Iterator[Problem]:
    """Regexes choose something."""
    for read in _once(context):
        for matcher in read.selector.matchers:
            if matcher.op is Op.RE and regexes.matches_everything(matcher.value):
                yield Problem(read.path, MATCHES_ALL, f"{matcher} matches every value")


def cardinality(context: Context) -> Iterator[Problem]:
    """Whatever is kept by labels is kept by bounded ones."""
    for named in context.named:
        for label in named.kept:
            if label.name in UNBOUNDED and not label.values:
                text = f"'{label.name}' has a value per user, request or text"
                yield Problem(named.by, HIGH_CARDINALITY, text)


def job(context: Context) -> Iterator[Problem]:
    """Selectors of counters whose targets are asked for name their job."""
    for named, counted in _counted(context):
        first = named.reads[0]
        asks = counted.new_series == "count" and counted.liveness is None
        if asks and not first.selector.on(["job"]):
            yield Problem(first.path, NO_JOB, f"'{first.selector.metric}' is read from every job")


def _counted(context: Context) -> Iterator[tuple[Named, Counted]]:
    counting = (*(item.slo.sli for item in context.items), *(item for _, item in context.document.items))
    for named, one in zip(context.named, counting, strict=True):
        if isinstance(one, Counted):
            yield named, one


CHECKS = (subset, possible, types, queries, needless, bounds, cardinality, job)
