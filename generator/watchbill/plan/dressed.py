"""What every alert carries, whatever kind it comes from: the marker that routes select, and where to look."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import Alert
from watchbill.plan.traces import search_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Fires, Labels, Links, RuleFile, RuleGroup, Scenario, Unit


def dressed(unit: Unit, service: str, links: Links) -> Unit:
    """Return the unit with its alerts dressed, and its scenarios expecting them so."""
    mark = (conventions.MARKER, service)

    def prove() -> Iterator[Scenario]:
        for scenario in unit.prove():
            yield replace(scenario, fires=tuple(_expected(f, mark) for f in scenario.fires))

    return replace(unit, files=tuple(_file(f, mark, service, links) for f in unit.files), prove=prove)


def _expected(fires: Fires, mark: tuple[str, str]) -> Fires:
    return replace(fires, firing=tuple(tuple(sorted((*labels, mark))) for labels in fires.firing))


def _file(file: RuleFile, mark: tuple[str, str], service: str, links: Links) -> RuleFile:
    """Groups without alerts stay as they are: copying a thousand objectives' rules would show in the time it takes."""
    if not any(isinstance(rule, Alert) for group in file.groups for rule in group.rules):
        return file
    return replace(file, groups=tuple(_group(g, mark, service, links) for g in file.groups))


def _group(group: RuleGroup, mark: tuple[str, str], service: str, links: Links) -> RuleGroup:
    if not any(isinstance(rule, Alert) for rule in group.rules):
        return group
    dressed_rules = (_alert(r, mark, service, links) if isinstance(r, Alert) else r for r in group.rules)
    return replace(group, rules=tuple(dressed_rules))


def _alert(alert: Alert, mark: tuple[str, str], service: str, links: Links) -> Alert:
    annotations = (*alert.annotations, *_links(alert, service, links))
    return replace(alert, labels=(*alert.labels, mark), annotations=annotations)


def _asked(alert: Alert) -> str:
    """Return the group's values as a query string: the page fills them into its queries."""
    values = "&".join(f"{name}={{{{ $labels.{name} | urlquery }}}}" for name in alert.page.group_labels)
    return f"?{values}" if values else ""


def _links(alert: Alert, service: str, links: Links) -> Labels:
    found = []
    if links.runbooks:
        found.append(("runbook_url", f"{links.runbooks}/{conventions.runbook_page(alert.name)}{_asked(alert)}"))
    if links.grafana and alert.board:
        # Prometheus expands annotations: `urlquery` keeps a label's value from breaking the link.
        names = ((conventions.variable(name), name) for name in alert.page.group_labels)
        values = "".join(f"&var-{variable}={{{{ $labels.{name} | urlquery }}}}" for variable, name in names)
        uid = conventions.dashboard_uid(service, alert.board)
        found.append(("dashboard_url", f"{links.grafana}/d/{uid}?from=now-6h&to=now{values}"))
    traces = search_url(links, service)
    if traces and any(name == conventions.SLO for name, _ in alert.labels):
        found.append(("trace_url", traces))
    return tuple(found)
