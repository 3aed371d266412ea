"""Data sources and template variables: a dashboard has to work in an installation its author never saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from watchbill.diagnostics import Code, Severity
from watchbill.lint.dashboards.context import BUILT_IN, Finding, parsed, used_variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.dashboards.context import Dashboard, Json

FIXED_SOURCE = Code(
    "WB612",
    "Data source that is not a variable",
    "Its uid exists in one installation only.",
    'Use a variable: {"type": "prometheus", "uid": "${datasource}"}.',
    Severity.WARNING,
)
NO_SOURCE_VARIABLE = Code(
    "WB613",
    "Dashboard without a variable for its data source",
    "Nobody can point it at another Prometheus.",
    "Add a template variable of type datasource.",
    Severity.WARNING,
)
BAD_VARIABLE = Code(
    "WB619",
    "Variable whose query is not PromQL",
    "It offers no values, and every query that uses it selects nothing.",
    "Write label_values(SELECTOR, LABEL), or query_result(PROMQL).",
)
STALE_VARIABLE = Code(
    "WB620",
    "Variable that is not read anew when the time changes",
    "Values that exist at the chosen time only are not offered.",
    "Set `refresh` to 2.",
    Severity.WARNING,
)
UNUSED_VARIABLE = Code(
    "WB621",
    "Variable that nothing uses",
    "Whoever chooses a value believes that the panels follow it.",
    "Use it in the queries, or remove it.",
    Severity.WARNING,
)
UNDEFINED_VARIABLE = Code(
    "WB622",
    "Variable that is not defined",
    "Grafana leaves its name where the value should be, so that the query selects nothing or fails.",
    "Define the variable, or correct its name.",
)
CODES = (FIXED_SOURCE, NO_SOURCE_VARIABLE, BAD_VARIABLE, STALE_VARIABLE, UNUSED_VARIABLE, UNDEFINED_VARIABLE)

BUILT_IN_SOURCES = frozenset({"-- Mixed --", "-- Dashboard --", "-- Grafana --", "grafana", "__expr__"})
_VARIABLE_QUERY = re.compile(r"\s*(label_values|label_names|metrics|query_result)\s*\((.*)\)\s*", re.DOTALL)


def templated(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels, queries, annotations and variables name their data source by a variable."""
    for panel in dashboard.panels:
        if panel.shows_data and not _is_variable(panel.data.get("datasource")):
            yield panel.says(FIXED_SOURCE, f"panel '{panel.title}' names its data source", "datasource")
        targets = panel.data.get("targets")
        for i, target in enumerate(targets if isinstance(targets, list) else ()):
            if isinstance(target, dict) and "datasource" in target and not _is_variable(target["datasource"]):
                message = f"a query of panel '{panel.title}' names its data source"
                yield panel.says(FIXED_SOURCE, message, "targets", i, "datasource")
    for key, listed in (("templating", dashboard.variables), ("annotations", dashboard.annotations)):
        for i, one in listed:
            asks = key == "annotations" or one.get("type") == "query"
            if asks and not _is_variable(one.get("datasource")):
                message = f"'{one.get('name')}' names its data source"
                yield Finding((key, "list", i, "datasource"), FIXED_SOURCE, message)


def _is_variable(source: Any) -> bool:
    uid = source.get("uid") if isinstance(source, dict) else source
    return isinstance(uid, str) and (uid.startswith("$") or uid in BUILT_IN_SOURCES)


def source_variable(dashboard: Dashboard) -> Iterator[Finding]:
    """The data source can be chosen."""
    asks = any(panel.shows_data for panel in dashboard.panels)
    if asks and not any(v.get("type") == "datasource" for _, v in dashboard.variables):
        yield Finding(("templating", "list"), NO_SOURCE_VARIABLE, "no variable is of type datasource")


def variable_queries(dashboard: Dashboard) -> Iterator[Finding]:
    """Variables ask for what can be answered, and again when the time changes."""
    for i, variable in dashboard.variables:
        if variable.get("type") != "query":
            continue
        path, name = ("templating", "list", i), variable.get("name")
        error = _error(_query_text(variable))
        if error:
            yield Finding((*path, "query"), BAD_VARIABLE, f"variable '{name}': {error}")
        if variable.get("refresh") != 2:
            yield Finding((*path, "refresh"), STALE_VARIABLE, f"variable '{name}' keeps its first values")


def _query_text(variable: Json) -> str:
    query = variable.get("query")
    return str(query.get("query") or "" if isinstance(query, dict) else query or "")


def _error(text: str) -> str:
    match = _VARIABLE_QUERY.fullmatch(text)
    if match is None:
        return f"{text[:60]!r} is no query that Grafana answers"
    inside = match[2]
    if match[1] == "label_values":
        inside = inside.rpartition(",")[0]
    elif match[1] != "query_result":
        return ""
    return parsed(inside)[1] if inside.strip() else ""


def uses(dashboard: Dashboard) -> Iterator[Finding]:
    """Variables that are defined are used, and the other way round."""
    defined = {str(v.get("name")): i for i, v in dashboard.variables}
    seen = {name for text in _texts(dashboard.data) for name in used_variables(text)}
    for name, i in defined.items():
        if name not in seen:
            path = ("templating", "list", i, "name")
            yield Finding(path, UNUSED_VARIABLE, f"variable '{name}' is used by no query")
    for query in (*dashboard.queries, *dashboard.logs):
        for name in dict.fromkeys(used_variables(query.text)):
            if name not in defined and not BUILT_IN.fullmatch(name):
                yield query.says(UNDEFINED_VARIABLE, f"'${name}' is no variable of this dashboard")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


RULES = (templated, source_variable, variable_queries, uses)
