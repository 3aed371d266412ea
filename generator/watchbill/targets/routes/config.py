"""The configuration as typed objects: routes, inhibitions, receivers and hours, as Alertmanager 0.25 and newer read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.conventions import limits as agreed
from watchbill.durations import format_duration
from watchbill.routetree import Matcher
from watchbill.targets.routes.quiet import inhibitions
from watchbill.targets.routes.receivers import defined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.model import LabelMatcher, Mute, Plan, Receiver

Yaml = dict[str, Any]

PAGE = {"group_wait": "10s", "group_interval": "1m", "repeat_interval": "4h"}
TICKET = {"group_wait": "1m", "group_interval": "15m", "repeat_interval": "1d"}
INFO = {"group_wait": "1m", "group_interval": "15m", "repeat_interval": "3d"}
WATCHDOG = {"group_wait": "0s", "group_interval": "1m", "repeat_interval": "1m"}
"""Pages wait long enough for what inhibits them to arrive with them, tickets for the page that explains them."""

LIMITS = {
    "group_wait": format_duration(agreed.GROUP_WAIT),
    "group_interval": format_duration(agreed.GROUP_INTERVAL),
    "repeat_interval": format_duration(agreed.REPEAT),
}
"""Repeats renew a limit's lease: they are what tells one that holds from one whose end was never heard."""

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAY_MINUTES = 24 * 60


def subtree(plan: Plan) -> Yaml:
    """Return the one route of the service. It has no receiver: what matches nothing in it is the host's default's."""
    by_key = {r.key: r for r in plan.routing.receivers}
    routes: list[Yaml] = []
    if agreed.RECEIVER in by_key and plan.limits:
        routes.append(_limits(plan, by_key[agreed.RECEIVER]))
    if "watchdog" in by_key:
        name = conventions.watchdog_alert(plan.service)
        routes.append({"matchers": [_equal("alertname", name)], "receiver": by_key["watchdog"].name, **WATCHDOG})
    for one in plan.routing.overrides:
        own: Yaml = {"matchers": [_equal(one.label, one.name)], "receiver": by_key[one.key].name}
        own["routes"] = [_level(plan, level) for level in ("page", "ticket")]
        routes.append(own)
    routes += [_level(plan, key, by_key[key]) for key in ("page", "ticket", "info") if key in by_key]
    return {"matchers": [_equal(conventions.MARKER, plan.service)], "group_by": group_by(plan), "routes": routes}


def group_by(plan: Plan) -> list[str]:
    """Return the labels that one notification has in common: what it is about, and how bad it is."""
    used = {name for alert in plan.alerts() for name, _ in alert.labels}
    items = (name for name in conventions.ITEMS if name in used)
    return [conventions.SERVICE, *items, conventions.SEVERITY]


def _limits(plan: Plan, receiver: Receiver) -> Yaml:
    """Before all others, and the only one: what a harness acts upon is no news for people. A notification a limit."""
    groups = dict.fromkeys(name for limit in plan.limits for name in limit.group_labels)
    return {
        "matchers": [str(Matcher(conventions.HARNESS_LIMIT, "=~", ".+"))],
        "receiver": receiver.name,
        "group_by": [conventions.SERVICE, conventions.HARNESS_LIMIT, *groups],
        **LIMITS,
    }


def _level(plan: Plan, level: str, receiver: Receiver | None = None) -> Yaml:
    word = dict(plan.routing.severities).get(level, level)
    timing = {"page": PAGE, "ticket": TICKET, "info": INFO}[level]
    named = {"receiver": receiver.name} if receiver else {}
    muted = plan.routing.mute is not None and level == "ticket"
    hours = {"active_time_intervals": [conventions.working_hours(plan.service)]} if muted else {}
    return {"matchers": [_equal(conventions.SEVERITY, word)], **named, **timing, **hours}


def _equal(label: str, value: str) -> str:
    return str(Matcher(label, "=", value))


def inhibit_rules(plan: Plan) -> list[Yaml]:
    """Return the rules, each with the marker on both sides and with `equal`."""
    return [
        {"source_matchers": _matchers(i.source), "target_matchers": _matchers(i.target), "equal": list(i.equal)}
        for i in inhibitions(plan)
    ]


def _matchers(found: Iterable[LabelMatcher]) -> list[str]:
    return [str(Matcher(m.label, m.op, m.value)) for m in found]


def time_intervals(plan: Plan) -> list[Yaml]:
    """Return the working hours, if tickets wait for them."""
    mute = plan.routing.mute
    return [] if mute is None else [{"name": conventions.working_hours(plan.service), "time_intervals": _hours(mute)}]


def _hours(mute: Mute) -> list[Yaml]:
    return [
        {
            "weekdays": _weekdays(first, last),
            "times": [{"start_time": _clock(start), "end_time": _clock(end)}],
            "location": mute.zone,
        }
        for first, last, start, end in mute.hours
    ]


def _weekdays(first: int, last: int) -> list[str]:
    """Alertmanager's week begins on Sunday, and a range does not go beyond its end."""
    if first == last:
        return [DAYS[first]]
    if first < last:
        return [f"{DAYS[first]}:{DAYS[last]}"]
    return [*_weekdays(first, 6), *_weekdays(0, last)]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def templates(plan: Plan) -> list[str]:
    """Return the template file, if receivers that are defined here use it."""
    return [conventions.TEMPLATE_FILE] if any(not r.is_reference for r in plan.routing.receivers) else []


def fragment(plan: Plan) -> Yaml:
    """Return what another configuration has to gain."""
    return {
        **_given("templates", templates(plan)),
        "route": {"routes": [subtree(plan)]},
        **_given("inhibit_rules", inhibit_rules(plan)),
        **_given("time_intervals", time_intervals(plan)),
        **_given("receivers", defined(plan)),
    }


def complete(plan: Plan) -> Yaml:
    """Return a configuration that runs as it is; whatever is not ours goes where tickets go, so that none is lost."""
    named = {r.key: r.name for r in plan.routing.receivers}
    default = named.get("ticket") or named.get("page") or plan.routing.receivers[0].name
    ours = fragment(plan)
    references = dict.fromkeys(r.name for r in plan.routing.receivers if r.is_reference)
    root = {"receiver": default, "group_by": ["alertname", conventions.SERVICE], **TICKET}
    return {
        "global": {"resolve_timeout": "5m"},
        **_given("templates", ours.get("templates")),
        "route": {**root, **ours["route"]},
        **_given("inhibit_rules", ours.get("inhibit_rules")),
        **_given("time_intervals", ours.get("time_intervals")),
        "receivers": [*ours.get("receivers", ()), *({"name": name} for name in references)],
    }


def _given(key: str, value: Any) -> Yaml:
    return {key: value} if value else {}
