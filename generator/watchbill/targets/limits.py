"""Limits: what a harness does while an alert fires, for `watchbill-exporter limits` to tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.conventions import limits as agreed
from watchbill.decimals import literal
from watchbill.durations import format_duration
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Limit, Plan

NAME = "limits"
SMALLEST, LARGEST, ANY, LAST = "smallest", "largest", "any", "last"
MERGE = {
    SMALLEST: "of numbers the smallest: an allowance",
    LARGEST: "of numbers the largest, where the action's name begins with min_: a pause, a distance",
    ANY: "true, if one of them says so",
    LAST: "what the last of them in this file says: conditions are written from mild to severe",
}
ABOUT = """\
# What the harness does while an alert fires. `watchbill-exporter limits` reads this file, is told by Alertmanager which
# alerts fire, and tells harnesses. Its schema: docs/reference/limits.schema.json.
"""


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `alerts/limits.yaml`; nothing where the plan has no limits."""
    if plan.limits:
        yield agreed.FILE, f"# {conventions.GENERATED_MARK}\n{ABOUT}{dump(_body(plan))}"


def _body(plan: Plan) -> dict[str, Any]:
    return {
        "schema": agreed.SCHEMA,
        "service": plan.service,
        "lease": format_duration(agreed.LEASE),
        "merge": merge(plan.limits),
        "limits": [_limit(limit) for limit in plan.limits],
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "id": limit.id,
        "alert": limit.alert,
        "of": {limit.label: limit.name},
        "when": limit.when,
        "by": list(limit.group_labels),
        "actions": {name: _value(value) for name, value in limit.actions},
    }


def merge(limits: tuple[Limit, ...]) -> dict[str, str]:
    """Return by action which value holds while several limits give one: always the strictest that can be told."""
    values: dict[str, list[object]] = {}
    for limit in limits:
        for name, value in limit.actions:
            values.setdefault(name, []).append(value)
    return {name: _rule(name, found) for name, found in values.items()}


def _rule(name: str, values: list[object]) -> str:
    if all(isinstance(v, bool) for v in values):
        return ANY
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        return LARGEST if name.startswith("min_") else SMALLEST
    return LAST


@dataclass(frozen=True, slots=True)
class _Plain:
    """A number that no YAML reader takes for text: 1e-07 is one to Python."""

    value: float

    def __str__(self) -> str:
        return literal(self.value)


def _value(value: object) -> object:
    return _Plain(value) if isinstance(value, float) else value


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    text, scalar = {"type": "string", "minLength": 1}, {"type": ["number", "string", "boolean"]}
    label = {"type": "string", "pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"}
    limit = {
        "id": {**text, "description": "The label harness_limit of its alert."},
        "alert": {**text, "description": "The alert that switches it on."},
        "of": {
            "type": "object", "additionalProperties": text, "minProperties": 1, "maxProperties": 1,
            "description": "What it belongs to: section and name.",
        },
        "when": {**text, "description": "Its condition, as the spec words it."},
        "by": {
            "type": "array", "items": label, "uniqueItems": True,
            "description": "Labels of the group it holds for; none: it holds for all.",
        },
        "actions": {
            "type": "object", "additionalProperties": scalar, "minProperties": 1,
            "description": "What the harness does, and its value.",
        },
    }  # fmt: skip
    about = "; ".join(f"{rule}: {words}" for rule, words in MERGE.items())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Limits of a harness",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "service", "lease", "merge", "limits"],
        "properties": {
            "schema": {"const": agreed.SCHEMA, "description": "Layout of this file; a reader refuses a newer one."},
            "service": {**text, "description": "The service whose alerts switch limits on: the label watchbill."},
            "lease": {
                "type": "string", "pattern": "^([0-9]+(ms|s|m|h|d))+$",
                "description": "How long a limit holds after Alertmanager last said so.",
            },
            "merge": {
                "type": "object", "additionalProperties": {"enum": list(MERGE)},
                "description": f"By action, which value holds while several limits give one. {about}.",
            },
            "limits": {
                "type": "array", "minItems": 1,
                "items": {
                    "type": "object", "additionalProperties": False, "required": list(limit), "properties": limit,
                },
            },
        },
    }  # fmt: skip
