"""Prometheus rule files, up to two per unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.durations import format_duration
from watchbill.model import RecordingRule
from watchbill.targets.yaml_text import dump, entry, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Alert, Plan, RuleFile

NAME = "rules"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `alerts/rules/<unit>.tiles.yml` (input metrics to tiles) and `alerts/rules/<unit>.yml` (all the rest)."""
    for unit in plan.units:
        for file in unit.files:
            yield f"{conventions.RULES_FOLDER}/{file.path}", text(file)


def text(file: RuleFile) -> str:
    """Return a rule file's text."""
    parts = [f"# {conventions.GENERATED_MARK}\ngroups:\n"]
    labels: dict[tuple[object, ...], str] = {}
    for group in file.groups:
        parts.append(f"  - name: {scalar(group.name)}\n    interval: {format_duration(group.interval)}\n    rules:\n")
        for rule in group.rules:
            if isinstance(rule, RecordingRule):
                if rule.labels not in labels:
                    labels[rule.labels] = dump({"labels": dict(rule.labels)}, 8) if rule.labels else ""
                parts.append(f"      - record: {rule.record}\n{entry('expr', rule.expr, 8)}{labels[rule.labels]}")
            else:
                parts.append(dump([_alert(rule)], 6))
    return "".join(parts)


def _alert(rule: Alert) -> dict[str, Any]:
    out: dict[str, Any] = {"alert": rule.name, "expr": rule.expr}
    if rule.pending:
        out["for"] = format_duration(rule.pending)
    if rule.keep_firing:
        out["keep_firing_for"] = format_duration(rule.keep_firing)
    return {**out, "labels": dict(rule.labels), "annotations": dict(rule.annotations)}
