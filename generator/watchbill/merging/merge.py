"""Put a service's part into a configuration, or take it out: text in, text out, nothing written."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.diagnostics import did_you_mean
from watchbill.load.host import Host, HostError, at_line, parse, place, tree
from watchbill.merging.blocks import without, written
from watchbill.merging.changes import Change, changes, strangers
from watchbill.targets.routes import template
from watchbill.targets.routes.config import fragment
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchbill.model import Plan

LISTS = ("templates", "inhibit_rules", "time_intervals", "receivers")


@dataclass(frozen=True, slots=True)
class Merged:
    """The new text, and every label set of ours whose receivers it changes."""

    text: str
    changes: tuple[Change, ...]


def merged(plan: Plan, name: str, text: str) -> Merged:
    """Return the configuration with the plan's routes. Raises HostError with line and reason; see the module's page."""
    if not plan.routing.receivers:
        raise HostError("the spec names no receivers: there is nothing to merge; add them under `routing:`")
    before = parse(name, text)
    bare = without(before, plan.service)
    host = before if bare == text else parse(name, bare)
    ours = wanted(plan)
    _fits(plan, host, ours)
    places = [(place(host, path), items) for path, items in ours if items]
    new = host.text
    # From the end on, so that places stay where they are; of one place, the later list comes first in the text.
    for where, items in sorted(places, key=lambda p: p[0].index, reverse=True):
        new = new[: where.index] + written(where, items, plan.service) + new[where.index :]
    after = parse(name, new)
    if after.values != _expected(host.values, ours):
        raise HostError(f"{name}: the result would not read back as what was meant; nothing was written")
    return Merged(new, _proven(plan, before, after))


def removed(plan: Plan, name: str, text: str) -> Merged:
    """Return the configuration without the plan's routes: the bytes that were there before."""
    before = parse(name, text)
    after = parse(name, without(before, plan.service))
    return Merged(after.text, _proven(plan, before, after))


def wanted(plan: Plan) -> list[tuple[tuple[str, ...], list[Any]]]:
    """Return (path of a list, our items)."""
    found = fragment(plan)
    found["templates"] = [template_file(plan.service)] if found.get("templates") else []
    return [(("route", "routes"), found["route"]["routes"]), *(((key,), found.get(key, [])) for key in LISTS)]


def template_file(service: str) -> str:
    """Return the name of the template file beside the configuration: several services' stand there."""
    return conventions.TEMPLATE_FILE.replace(".", f"-{service}.")


def template_text(plan: Plan, into: Path) -> tuple[Path, str | None]:
    """Return where the template file of a configuration belongs, and its text; None where no receiver needs it."""
    used = any(not receiver.is_reference for receiver in plan.routing.receivers)
    return into.with_name(template_file(plan.service)), template.text(plan) if used else None


def _fits(plan: Plan, host: Host, ours: list[tuple[tuple[str, ...], list[Any]]]) -> None:
    """Refuse names that are taken, receivers that are not there, and routes that would be dead."""
    have = dict(_names(host))
    for path, items in ours:
        for item in items:
            title = item.get("name", "") if isinstance(item, dict) else ""
            if title in have:
                reason = f"`{path[-1]}:` already has '{title}'"
                raise at_line(host.name, have[title], reason, "remove it: watchbill defines it")
    root = tree(host)
    known = [str(r.get("name", "")) for r in host.values.get("receivers") or [] if isinstance(r, dict)]
    for receiver in plan.routing.receivers:
        if receiver.is_reference and receiver.name not in known:
            reason = f"there is no receiver '{receiver.name}', which the spec's '{receiver.key}' refers to"
            line = next((k.start_mark.line + 1 for k, _ in host.node.value if k.value == "receivers"), 1)
            raise at_line(host.name, line, reason, did_you_mean(receiver.name, known))
    marked = {conventions.MARKER: plan.service}
    for way in root.walk():
        if any(m.name == conventions.MARKER and m.op == "=" and m.matches(marked) for m in way[-1].matchers):
            reason = f"this route is already for {conventions.MARKER}={plan.service}, and would never match again"
            raise at_line(host.name, way[-1].line, reason, "remove it: watchbill puts its own there")


def _names(host: Host) -> Iterator[tuple[str, int]]:
    for key, value in host.node.value:
        if key.value in {"receivers", "time_intervals", "mute_time_intervals"} and isinstance(value.value, list):
            for item in value.value:
                pairs = item.value if isinstance(item.value, list) else []
                yield from ((v.value, v.start_mark.line + 1) for k, v in pairs if k.value == "name")


def _expected(old: dict[str, Any], ours: list[tuple[tuple[str, ...], list[Any]]]) -> dict[str, Any]:
    new = deepcopy(old)
    for path, items in ours:
        holder = new
        for key in path[:-1]:
            holder = holder[key]
        if items:
            holder[path[-1]] = [*items, *(holder.get(path[-1]) or [])]
    return new


def _proven(plan: Plan, before: Host, after: Host) -> tuple[Change, ...]:
    """Return what changes for us; refuse if anything changes for others."""
    old, new = tree(before), tree(after)
    others = changes(old, new, strangers(old, plan.service))
    if others:
        first = others[0]
        reason = f"{first.shown()} would go to {', '.join(first.after)} instead of {', '.join(first.before)}"
        raise HostError(f"{before.name}: alerts that are not ours would change their receiver: {reason}")
    return changes(old, new, (labels for _, labels in label_sets(plan)))
