"""What queries ask: PromQL that parses, counters under rate, a range that fits, series that exist and are meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from watchbill.diagnostics import Code, Severity
from watchbill.lint.dashboards.metrics import MONITORING
from watchbill.promql import AggregateExpr, Call, MatrixSelector, VectorSelector, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.dashboards.context import Dashboard, Finding

NOT_PROMQL = Code(
    "WB614",
    "Query that is not PromQL",
    "The panel shows an error.",
    "Mend the query; Grafana's variables are allowed wherever they stand for a value, a range or a number.",
)
FIXED_RANGE = Code(
    "WB615",
    "Rate over a fixed range",
    "Zoomed in, a fixed range smooths what is looked for; with long scrape intervals or zoomed out it misses samples.",
    "Write [$__rate_interval].",
    Severity.WARNING,
)
BARE_COUNTER = Code(
    "WB616",
    "Counter without rate",
    "A counter's value says how old the process is; restarts look like drops.",
    "Put it under rate() or increase().",
    Severity.WARNING,
)
UNKNOWN_METRIC = Code(
    "WB617",
    "Metric that nothing records or exposes",
    "No rule of the spec records it, no objective reads it, and it is none of Prometheus' own: it may not exist.",
    "Correct the name, or exclude the finding in `dashboards.exclusions` and say who exposes the metric.",
    Severity.WARNING,
)
NO_SCOPE = Code(
    "WB618",
    "Selector without a scope",
    "In a Prometheus that others use too it mixes in their series.",
    "Match on job, service or another label that tells whose series these are, or on a variable of the dashboard.",
    Severity.WARNING,
)
LOG_RANGE = Code(
    "WB624",
    "LogQL over a fixed range",
    "Zoomed out, a fixed range leaves out most lines.",
    "Write [$__auto].",
    Severity.WARNING,
)
NOT_LOGQL = Code(
    "WB625",
    "Query that is not LogQL",
    "Every LogQL query has a stream selector in braces, and closes what it opens.",
    'Write a stream selector: {job="api"}.',
)
CODES = (NOT_PROMQL, FIXED_RANGE, BARE_COUNTER, UNKNOWN_METRIC, NO_SCOPE, LOG_RANGE, NOT_LOGQL)

RATES = frozenset({"rate", "irate", "increase"})
FIT_FOR_COUNTERS = frozenset(
    {*RATES, "resets", "changes", "absent", "absent_over_time", "present_over_time", "timestamp"}
)
COUNTING = frozenset({"count", "group"})
COUNTER_ENDS = ("_total", "_count", "_sum", "_bucket")
SCOPES = frozenset({"job", "instance", "service", "namespace", "cluster", "watchbill", "rule_group", "slo"})
FIXED = re.compile(r"\b(rate|irate|increase)\s*\([^\[\]$]*(?:\$(?!__)\w+[^\[\]$]*)*\[\s*(\d[\w.]*)\s*\]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')


def promql(dashboard: Dashboard) -> Iterator[Finding]:
    """Queries are PromQL."""
    for query in dashboard.queries:
        if query.error:
            yield query.says(NOT_PROMQL, f"panel '{query.panel.title}': {query.error}")


def rate_ranges(dashboard: Dashboard) -> Iterator[Finding]:
    """Rates over time take Grafana's range. An instant query, or an increase by design over a whole window, may not."""
    for query in dashboard.queries:
        if query.data.get("instant") is True and query.data.get("range") is not True:
            continue
        for match in FIXED.finditer(_QUOTED.sub('""', query.text)):
            if match[1] != "increase":
                yield query.says(FIXED_RANGE, f"panel '{query.panel.title}': {match[1]}() over [{match[2]}]")


def counters(dashboard: Dashboard) -> Iterator[Finding]:
    """Counters stand under rate, whatever their matchers."""
    for query in dashboard.queries:
        if query.parsed is None:
            continue
        for name, above in _selected(query.parsed, ()):
            is_counter = name in dashboard.known.counters or name.endswith(COUNTER_ENDS)
            if is_counter and ":" not in name and not any(f in FIT_FOR_COUNTERS or f in COUNTING for f in above):
                yield query.says(BARE_COUNTER, f"panel '{query.panel.title}': '{name}' stands under no rate()")


def _selected(node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each selector's metric with the functions and aggregations it stands under."""
    if isinstance(node, MatrixSelector):
        node = node.vector_selector
    if isinstance(node, VectorSelector):
        yield node.name or "", above
        return
    if isinstance(node, Call):
        above = (*above, node.func.name)
    elif isinstance(node, AggregateExpr):
        above = (*above, str(node.op))
    for child in children(node):
        yield from _selected(child, above)


def metrics(dashboard: Dashboard) -> Iterator[Finding]:
    """Metrics exist."""
    known = dashboard.known.metrics
    if known is None:
        return
    for query in dashboard.queries:
        names = (name for name, _ in _selected(query.parsed, ())) if query.parsed is not None else ()
        for name in dict.fromkeys(names):
            if name and name not in known and name not in MONITORING:
                yield query.says(UNKNOWN_METRIC, f"panel '{query.panel.title}': nothing records or exposes '{name}'")


def scopes(dashboard: Dashboard) -> Iterator[Finding]:
    """Selectors say whose series they mean."""
    for query in dashboard.queries:
        if query.parsed is None:
            continue
        for selector in _vectors(query.parsed):
            names = {m.name for m in selector.matchers.matchers}
            chosen = any(str(m.value).startswith("$") for m in selector.matchers.matchers)
            exempt = selector.name in MONITORING or selector.name in dashboard.known.inputs
            if selector.name and not exempt and not names & SCOPES and not chosen:
                yield query.says(NO_SCOPE, f"panel '{query.panel.title}': '{selector.name}' is read from everywhere")


def _vectors(node: Any) -> Iterator[Any]:
    if isinstance(node, MatrixSelector):
        node = node.vector_selector
    if isinstance(node, VectorSelector):
        yield node
    for child in children(node):
        yield from _vectors(child)


def logs(dashboard: Dashboard) -> Iterator[Finding]:
    """LogQL is whole, and its ranges are Grafana's."""
    for query in dashboard.logs:
        bare = _QUOTED.sub('""', query.text)
        whole = all(bare.count(a) == bare.count(b) for a, b in ("()", "{}", "[]"))
        if not whole or "{" not in bare:
            yield query.says(NOT_LOGQL, f"panel '{query.panel.title}' has no whole stream selector")
        elif fixed := re.search(r"\[\s*\d[\w.]*\s*\]", bare):
            yield query.says(LOG_RANGE, f"panel '{query.panel.title}': a range of {fixed[0]}")


RULES = (promql, rate_ranges, counters, metrics, scopes, logs)
