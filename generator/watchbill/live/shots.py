"""What a drill pushes: each alert with the labels it fires with, who should get it, and what should keep it quiet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from watchbill import conventions
from watchbill.diagnostics import did_you_mean
from watchbill.errors import LiveError
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import expected, quiet_rules
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watchbill.model import Alert, Plan

Labels = dict[str, str]
DRILL = ("drill", "true")
"""On every alert that is pushed, so that receivers can tell."""
LINKS = ("runbook_url", "dashboard_url")
_LABEL = re.compile(r"\{\{ \$labels\.(\w+)( \| urlquery)? \}\}")


@dataclass(frozen=True, slots=True)
class Shot:
    """One alert to push. `receiver` is None where the host's default gets it; `source` should keep it quiet, if any."""

    alert: str
    labels: Labels
    annotations: Labels
    receiver: str | None
    source: Labels | None


def chosen(plan: Plan, names: Sequence[str]) -> list[str]:
    """Return the alerts of these names, all of them where none is named. Raises LiveError that names every stranger."""
    known = dict.fromkeys(alert.name for alert in plan.alerts())
    strangers = [f"there is no alert '{name}'; {did_you_mean(name, known)}" for name in names if name not in known]
    if strangers:
        raise LiveError("\n".join(strangers))
    if not known:
        raise LiveError("the spec has no alerts: there is nothing to drill")
    return [name for name in known if name in names] if names else list(known)


def shots(plan: Plan, names: Iterable[str]) -> list[Shot]:
    """Return a shot for each alert, with one example of its groups."""
    sets = list(label_sets(plan))
    rules = quiet_rules(plan)
    found: dict[str, Shot] = {}
    for alert, labels in sets:
        if alert.name in found:
            continue
        sources = [other for _, other in sets if other != labels and quieted_by(rules, other, labels)]
        near = [other for other in sources if conventions.item(other) == conventions.item(labels)]
        source = next(iter([*near, *sources]), None)
        to = expected(plan, labels) if plan.routing.receivers else None
        found[alert.name] = Shot(alert.name, drill(labels), _annotations(alert, labels), to, source and drill(source))
    return [found[name] for name in names]


def drill(labels: Labels) -> Labels:
    """Return the labels, marked as a drill's."""
    return {**labels, DRILL[0]: DRILL[1]}


def _annotations(alert: Alert, labels: Labels) -> Labels:
    links = {name: filled(text, labels) for name, text in alert.annotations if name in LINKS}
    said = "A fire drill proves that this alert arrives. Nothing is broken, and nothing has to be done."
    return {"summary": f"FIRE DRILL: {alert.name}", "description": said, **links}


def filled(text: str, labels: Labels) -> str:
    """Return an annotation with its labels filled in, as Prometheus does."""
    return _LABEL.sub(lambda m: quote_plus(labels.get(m[1], "")) if m[2] else labels.get(m[1], ""), text)
