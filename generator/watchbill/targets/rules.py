"""Prometheus rule files, up to two per unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.durations import format_duration
from watchbill.model import Alert, RecordingRule
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan, RuleFile

NAME = "rules"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `alerts/rules/<unit>.tiles.yml` (input metrics to tiles) and `alerts/rules/<unit>.yml` (all the rest)."""
    for unit in plan.units:
        for file in unit.files:
            yield f"{conventions.RULES_FOLDER}/{file.path}", text(file)


def text(file: RuleFile) -> str:
    """Return a rule file's text."""
    groups = [
        {"name": g.name, "interval": format_duration(g.interval), "rules": [_rule(r) for r in g.rules]} for g in file.groups
    ]
    return f"# {conventions.GENERATED_MARK}\n{dump({'groups': groups})}"


def _rule(rule: RecordingRule | Alert) -> dict[str, Any]:
    if isinstance(rule, RecordingRule):
        out: dict[str, Any] = {"record": rule.record, "expr": rule.expr}
        if rule.labels:
            out["labels"] = dict(rule.labels)
        return out
    out = {"alert": rule.name, "expr": rule.expr}
    if rule.pending:
        out["for"] = format_duration(rule.pending)
    if rule.keep_firing:
        out["keep_firing_for"] = format_duration(rule.keep_firing)
    return {**out, "labels": dict(rule.labels), "annotations": dict(rule.annotations)}
