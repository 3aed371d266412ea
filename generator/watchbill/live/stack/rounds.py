"""Which faults may be on together: those whose alerts' units do not disturb one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.live.batches import hushing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from watchbill.live.stack.control import Fault
    from watchbill.model import Plan


@dataclass(frozen=True, slots=True)
class Aim:
    """A fault, and the alerts to await of those that it should fire."""

    fault: Fault
    alerts: tuple[str, ...]


def aims(faults: Iterable[Fault], names: Collection[str]) -> list[Aim]:
    """Return the faults to switch on: each alert is awaited under the fault that fires it and the fewest others."""
    left, found = set(names), []
    for fault in sorted(faults, key=lambda f: len(f.alerts)):
        mine = tuple(name for name in fault.alerts if name in left)
        left -= set(mine)
        if mine:
            found.append(Aim(fault, mine))
    return found


def rounds(plan: Plan, listed: Iterable[Aim]) -> list[list[Aim]]:
    """Return the faults, round by round.

    Two are on together if no unit has alerts of both, and no alert of a unit of the one keeps one of the other quiet.
    """
    hush = hushing(plan)
    unit_of = {alert.name: unit.name for unit in plan.units for alert in unit.alerts()}
    found: list[list[Aim]] = []

    def units(aim: Aim) -> set[str]:
        return {unit_of[name] for name in aim.fault.alerts if name in unit_of}

    def apart(one: Aim, other: Aim) -> bool:
        return not any(a == b or frozenset((a, b)) in hush for a in units(one) for b in units(other))

    for aim in listed:
        for together in found:
            if all(apart(aim, other) for other in together):
                together.append(aim)
                break
        else:
            found.append([aim])
    return found
