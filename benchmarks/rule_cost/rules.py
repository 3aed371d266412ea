"""Rule groups as the benchmark needs them: read from a rule file or written into one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True)
class Rule:
    """A recording rule or an alert; `fields` are what the file says beside the expression."""

    expr: str
    fields: tuple[tuple[str, Any], ...]

    @property
    def record(self) -> str:
        return str(dict(self.fields).get("record", ""))

    @property
    def name(self) -> str:
        return self.record or str(dict(self.fields)["alert"])


@dataclass(frozen=True)
class Group:
    """A group with its interval in seconds."""

    name: str
    interval: float
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Shape:
    """All rules that one generator makes of one SLO."""

    name: str
    groups: tuple[Group, ...]

    def rule(self, record: str) -> Rule:
        return next(rule for group in self.groups for rule in group.rules if rule.record == record)

    @property
    def count(self) -> int:
        return sum(len(group.rules) for group in self.groups)


def recording(record: str, expr: str, **labels: str) -> Rule:
    return Rule(expr, (("record", record), ("labels", labels)))


def alert(name: str, expr: str, pending: str = "", **labels: str) -> Rule:
    waits = (("for", pending),) if pending else ()
    return Rule(expr, (("alert", name), *waits, ("labels", labels)))


def load(path: Path) -> tuple[Group, ...]:
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    return tuple(Group(g["name"], _seconds(g["interval"]), tuple(map(_rule, g["rules"]))) for g in groups)


def document(groups: Iterable[Group], *, speed: float = 1) -> dict[str, Any]:
    """Return a rule file's content; at `speed` 30 a group of 30 s runs every second."""
    return {
        "groups": [
            {
                "name": group.name,
                "interval": f"{round(1000 * group.interval / speed)}ms",
                "rules": [{"expr": rule.expr, **dict(rule.fields)} for rule in group.rules],
            }
            for group in groups
        ]
    }


def _rule(fields: dict[str, Any]) -> Rule:
    return Rule(fields["expr"], tuple((key, value) for key, value in fields.items() if key != "expr"))


def _seconds(text: str) -> float:
    return float(sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text)))
