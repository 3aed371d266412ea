"""What each panel has to say of itself: title, description, unit, thresholds, what it shows when there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill.diagnostics import Code, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.dashboards.context import Dashboard, Finding, Panel

NO_TITLE = Code(
    "WB606",
    "Panel without title or description",
    "At night nobody guesses what a curve means, and which way is bad.",
    "Give it a title, and a description that says what to make of it.",
    Severity.WARNING,
)
NO_UNIT = Code(
    "WB607",
    "Panel without a unit",
    "0.3 may be a third, 300 ms or three in ten: the unit says which.",
    'Set `fieldConfig.defaults.unit` ("short" or "none" for plain numbers).',
    Severity.WARNING,
)
BAD_THRESHOLDS = Code(
    "WB608",
    "Thresholds missing or out of order",
    "A number without thresholds is green whatever it is; steps out of order colour by accident.",
    "Start with a step whose value is null, and let the values rise.",
    Severity.WARNING,
)
NO_VALUE = Code(
    "WB609",
    "Panel that says nothing when it is empty",
    '"No data" may mean that all is well, or that nothing is measured: only the author knows which.',
    "Set `fieldConfig.defaults.noValue` to words that say it.",
    Severity.WARNING,
)
NO_QUERY = Code(
    "WB610",
    "Panel without a query",
    "It shows nothing.",
    "Give it a query, or remove it.",
    Severity.WARNING,
)
SAME_REF = Code(
    "WB611",
    "Queries of one panel with one refId",
    "Overrides and transformations name a query by its refId; of two, Grafana runs one.",
    "Give each query of the panel a `refId` of its own.",
)
CODES = (NO_TITLE, NO_UNIT, BAD_THRESHOLDS, NO_VALUE, NO_QUERY, SAME_REF)

UNITLESS = frozenset({"logs", "traces", "nodeGraph", "geomap", "canvas"})


def titles(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels have a title and a description."""
    for panel in dashboard.panels:
        for key in ("title", "description"):
            if not str(panel.data.get(key) or "").strip():
                name = panel.title or f"of type {panel.kind}"
                yield panel.says(NO_TITLE, f"panel '{name}' has no {key}", key)


def units(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels with numbers have a unit."""
    for panel in dashboard.panels:
        if panel.shows_data and panel.kind not in UNITLESS and not _defaults(panel).get("unit"):
            yield panel.says(NO_UNIT, f"panel '{panel.title}' has no unit", "fieldConfig", "defaults")


def thresholds(dashboard: Dashboard) -> Iterator[Finding]:
    """Thresholds begin at the bottom and rise."""
    for panel in dashboard.panels:
        if not panel.shows_data or panel.kind in UNITLESS:
            continue
        steps = _steps(_defaults(panel).get("thresholds"))
        if not steps or steps[0] is not None:
            yield _unordered(panel, f"panel '{panel.title}' has no threshold to start from")
        elif not all(isinstance(s, int | float) for s in steps[1:]) or sorted(steps[1:]) != steps[1:]:
            yield _unordered(panel, f"the thresholds of panel '{panel.title}' do not rise")


def _unordered(panel: Panel, message: str) -> Finding:
    return panel.says(BAD_THRESHOLDS, message, "fieldConfig", "defaults", "thresholds")


def empty_words(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels say what it means when they are empty."""
    for panel in dashboard.panels:
        if panel.shows_data and panel.kind not in UNITLESS and not _defaults(panel).get("noValue"):
            yield panel.says(NO_VALUE, f"panel '{panel.title}' has no words for no data", "fieldConfig", "defaults")


def no_queries(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels that show data have a query."""
    for panel in dashboard.panels:
        if panel.shows_data and not panel.data.get("targets") and not panel.data.get("libraryPanel"):
            yield panel.says(NO_QUERY, f"panel '{panel.title}' has no query")


def refs(dashboard: Dashboard) -> Iterator[Finding]:
    """Queries of a panel have names of their own."""
    for panel in dashboard.panels:
        seen = set()
        targets = panel.data.get("targets")
        for i, target in enumerate(targets if isinstance(targets, list) else ()):
            ref = target.get("refId") if isinstance(target, dict) else None
            if not ref or ref in seen:
                yield panel.says(
                    SAME_REF, f"refId {ref!r} of panel '{panel.title}' is not its own", "targets", i, "refId"
                )
            seen.add(ref)


def _defaults(panel: Panel) -> dict[str, Any]:
    config = panel.data.get("fieldConfig")
    found = config.get("defaults") if isinstance(config, dict) else None
    return found if isinstance(found, dict) else {}


def _steps(value: Any) -> list[Any]:
    steps = value.get("steps") if isinstance(value, dict) else None
    return [s.get("value") for s in steps if isinstance(s, dict)] if isinstance(steps, list) else []


RULES = (titles, units, thresholds, empty_words, no_queries, refs)
