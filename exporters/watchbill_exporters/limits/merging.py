"""What holds for one agent: the limits that apply, and of each action the strictest value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from watchbill_exporters.limits.active import Active, Holding, Key
    from watchbill_exporters.limits.declared import Declaration, Declared

Value = bool | int | float | str


@dataclass(frozen=True)
class Applies:
    """A limit that holds, for its group."""

    limit: Declared
    group: tuple[tuple[str, str], ...]
    holding: Holding


@dataclass(frozen=True)
class Merged:
    """The value of an action that holds, the rule that chose it, and the limit it is of."""

    value: Value
    rule: str
    limit: str


def applying(active: Active, declared: Declaration, asked: Mapping[str, str]) -> tuple[Applies, ...]:
    """Return the limits whose whole group is among the labels asked for, in the order of the file."""
    found = [
        Applies(declared.by_id[limit], group, holding)
        for (limit, group), holding in active.holding.items()
        if limit in declared.by_id and all(asked.get(name) == value for name, value in group)
    ]
    return _ordered(found, declared)


def narrower(active: Active, declared: Declaration, asked: Mapping[str, str]) -> tuple[Applies, ...]:
    """Return the limits that hold for a part of what was asked: of groups with labels that the question left open."""
    found = [
        Applies(declared.by_id[limit], group, holding)
        for (limit, group), holding in active.holding.items()
        if limit in declared.by_id and _part(group, asked)
    ]
    return _ordered(found, declared)


def _part(group: tuple[tuple[str, str], ...], asked: Mapping[str, str]) -> bool:
    named = [(name, value) for name, value in group if name in asked]
    return len(named) < len(group) and bool(named) and all(asked[name] == value for name, value in named)


def _ordered(found: list[Applies], declared: Declaration) -> tuple[Applies, ...]:
    place = {limit.id: i for i, limit in enumerate(declared.limits)}
    return tuple(sorted(found, key=lambda one: (place[one.limit.id], one.group)))


def merged(applies: Sequence[Applies], declared: Declaration) -> dict[str, Merged]:
    """Return by action what holds: the strictest, by the rule that the file gives for the action."""
    out: dict[str, Merged] = {}
    for one in applies:
        for action, value in one.limit.actions:
            rule = declared.rules.get(action, "last")
            known = out.get(action)
            if known is None or _stricter(rule, value, known.value):
                out[action] = Merged(value, rule, one.limit.id)
    return out


def _stricter(rule: str, value: Value, known: Value) -> bool:
    if isinstance(value, str) or isinstance(known, str):
        return True
    match rule:
        case "smallest":
            return value < known
        case "largest":
            return value > known
        case "any":
            return bool(value) and not known
        case _:
            return True


def expires(applies: Sequence[Applies], now: float, lease: float) -> float:
    """Return until when an answer may be held on to: a limit does not end before its lease because of another one."""
    return max((one.holding.expires for one in applies), default=now + lease)


def keys(applies: Sequence[Applies]) -> tuple[Key, ...]:
    """Return what tells one set of limits from another: leases do not."""
    return tuple((one.limit.id, one.group) for one in applies)
