"""Routing tests: who gets every alert, said from the plan; and which alerts are kept quiet by which others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.conventions import limits as agreed
from watchbill.routetree import Matcher, Quiet, quieted_by
from watchbill.targets.routes.labelsets import label_sets
from watchbill.targets.routes.quiet import inhibitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan
    from watchbill.targets.routes.labelsets import Labels


def listed(plan: Plan) -> list[dict[str, Any]]:
    """Return the tests: label sets -> receivers, then pairs of alerts of which one keeps the other quiet."""
    return [*_routing(plan), *_quiet(plan)]


def expected(plan: Plan, labels: Labels) -> str | None:
    """Return the receiver that is meant to get an alert; None: the host's default. Knows nothing of routes."""
    by_key = {r.key: r.name for r in plan.routing.receivers}
    if labels.get(conventions.HARNESS_LIMIT) and agreed.RECEIVER in by_key and plan.limits:
        return by_key[agreed.RECEIVER]
    if labels["alertname"] == conventions.watchdog_alert(plan.service) and "watchdog" in by_key:
        return by_key["watchdog"]
    own = plan.routing.override(conventions.item(labels))
    if own is not None:
        return by_key[own]
    given = dict(plan.routing.severities)
    words = {given.get(level, level): level for level in ("page", "ticket", "info")}
    return by_key.get(words.get(labels[conventions.SEVERITY], ""))


def _routing(plan: Plan) -> Iterator[dict[str, Any]]:
    named = {r.key: r.name for r in plan.routing.receivers}
    default = named.get("ticket") or named.get("page") or plan.routing.receivers[0].name
    for _, labels in label_sets(plan):
        to = expected(plan, labels) or default
        yield {"name": f"{_title(labels)} goes to {to}", "labels": labels, "expect": [to]}


def _quiet(plan: Plan) -> Iterator[dict[str, Any]]:
    """Alerts of other items are left out: every rule has the item in `equal`, or a source without one."""
    rules = quiet_rules(plan)
    near: dict[tuple[str, str], list[tuple[Labels, Labels]]] = defaultdict(list)
    for (_, labels), (_, other) in zip(label_sets(plan), label_sets(plan, "2"), strict=True):
        near[conventions.item(labels)].append((labels, other))
    everywhere = near[conventions.item({})]
    for (item, _), listed in near.items():
        for target, _ in listed:
            for source, other in (*everywhere, *(listed if item else ())):
                if source == target or not quieted_by(rules, source, target):
                    continue
                yield _pair(source, target, quiet=True)
                if other != source and not quieted_by(rules, other, target):
                    yield _pair(other, target, quiet=False)


def _pair(source: Labels, target: Labels, *, quiet: bool) -> dict[str, Any]:
    verb = "is kept quiet by" if quiet else "is not kept quiet by"
    name = f"{_title(target)} {verb} {_title(source)}"
    return {"name": name, "labels": target, "firing": [source], "inhibited": quiet}


def _title(labels: Labels) -> str:
    known = {"alertname", conventions.MARKER, conventions.SERVICE, conventions.SEVERITY, *conventions.ITEMS}
    known |= {conventions.TIER, conventions.LONG_WINDOW, conventions.SHORT_WINDOW}
    groups = ", ".join(f"{v}" for k, v in labels.items() if k not in known and v == f"{k}-{v.rpartition('-')[2]}")
    job = labels.get("job", "")
    return labels["alertname"] + (f" ({groups or job})" if groups or job else "")


def quiet_rules(plan: Plan) -> tuple[Quiet, ...]:
    """Return the plan's inhibitions, to be evaluated."""
    return tuple(
        Quiet(
            tuple(Matcher(m.label, m.op, m.value) for m in i.source),
            tuple(Matcher(m.label, m.op, m.value) for m in i.target),
            i.equal,
        )
        for i in inhibitions(plan)
    )
