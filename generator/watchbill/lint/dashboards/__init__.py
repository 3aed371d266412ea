"""Lint over Grafana dashboards: what a server would show as an empty panel, found before it is opened at night.

At least what grafana/dashboard-linter checks, without its holes: its rule for counters misses every selector that has
a matcher, its rules for job and instance demand two labels by name. A rule is a function; its code stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.diagnostics import Code, Diagnostic, Severity
from watchbill.lint.dashboards import links, panels, queries, shape, sources
from watchbill.lint.dashboards.context import Dashboard, Finding, Known
from watchbill.lint.dashboards.metrics import known_counters, known_inputs, known_metrics
from watchbill.lint.dashboards.positions import JsonError, Located, read
from watchbill.spec.links import DashboardExclusion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from watchbill.model import Plan
    from watchbill.spec import Document

NOT_A_DASHBOARD = Code(
    "WB600",
    "Not a dashboard",
    "The file is no JSON, or no dashboard of Grafana's classic model.",
    "Export the dashboard from Grafana as classic JSON, without `__inputs`.",
)
USELESS_EXCLUSION = Code(
    "WB626",
    "Exclusion that excludes nothing",
    "What it was for has been mended, or its names have changed: it would hide the next fault.",
    "Remove it, or correct `code`, `dashboard` and `panel`.",
    Severity.WARNING,
)
OWN = (
    DashboardExclusion(
        code="WB615",
        panel="the number and its limit",
        reason="shown is what the objective judges, over the window that its `each` names",
    ),
)
"""Findings in generated dashboards that are meant to be; `panel` ends the title."""
RULES = (*shape.RULES, *panels.RULES, *sources.RULES, *queries.RULES, *links.RULES)
CODES = (
    NOT_A_DASHBOARD, USELESS_EXCLUSION, *shape.CODES, *panels.CODES, *sources.CODES, *queries.CODES, *links.CODES,
)  # fmt: skip


def lint(texts: Mapping[str, str], document: Document, plan: Plan) -> list[Diagnostic]:
    """Return every finding in dashboards, by file; `dashboards.exclusions` of the spec are taken out."""
    found: list[Diagnostic] = []
    opened: list[tuple[str, Located]] = []
    for file, text in texts.items():
        try:
            located = read(text)
        except JsonError as exc:
            found.append(_broken(file, text, exc))
            continue
        if not isinstance(located.value, dict) or not isinstance(located.value.get("panels"), list):
            found.append(_placed(file, located, Finding((), NOT_A_DASHBOARD, "there is no list of panels in it")))
        else:
            opened.append((file, located))
    uids = frozenset(str(one.value.get("uid")) for _, one in opened)
    known = Known(known_metrics(document, plan), known_counters(document), known_inputs(plan), uids)
    used: set[DashboardExclusion] = set()
    for file, one in opened:
        dashboard = Dashboard(file, one, known)
        for finding in (f for rule in RULES for f in rule(dashboard)):
            excluded = list(_excluding(document.dashboards.exclusions, dashboard, finding))
            used.update(excluded)
            if not excluded:
                found.append(_placed(file, one, finding))
    return sorted([*found, *_useless(document.dashboards.exclusions, used, opened)], key=Diagnostic.order)


def _excluding(
    exclusions: Iterable[DashboardExclusion], dashboard: Dashboard, finding: Finding
) -> Iterator[DashboardExclusion]:
    yield from (one for one in OWN if one.code == finding.code.slug and finding.panel.lower().endswith(one.panel))
    for one in exclusions:
        here = one.dashboard in {"", dashboard.data.get("uid")} and one.panel in {"", finding.panel}
        if one.code == finding.code.slug and here:
            yield one


def _useless(
    exclusions: Sequence[DashboardExclusion], used: set[DashboardExclusion], opened: Sequence[tuple[str, Located]]
) -> Iterator[Diagnostic]:
    """Of an exclusion for a dashboard that was not looked at, nothing can be told."""
    uids = {one.value.get("uid") for _, one in opened}
    for one in exclusions:
        if one not in used and (not one.dashboard or one.dashboard in uids) and opened:
            where = f" in {one.dashboard or 'any dashboard'}" + (f", panel '{one.panel}'" if one.panel else "")
            file, located = opened[0]
            at = Finding((), USELESS_EXCLUSION, f"the spec excludes {one.code}{where}, and there is none to exclude")
            yield _placed(file, located, at)


def _placed(file: str, located: Located, finding: Finding) -> Diagnostic:
    line, column, width, source = located.place(finding.path)
    code = finding.code
    hint = finding.hint or code.fix
    return Diagnostic(code.slug, file, line, column, finding.message, hint, code.severity, source, width)


def _broken(file: str, text: str, error: JsonError) -> Diagnostic:
    located = Located(None, text, {(): (error.at, error.at + 1)})
    return _placed(file, located, Finding((), NOT_A_DASHBOARD, f"not JSON: {error}"))
