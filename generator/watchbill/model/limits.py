"""What a harness does while an alert fires: the other half of a budget alert."""

from __future__ import annotations

from dataclasses import dataclass

Action = tuple[str, int | float | str | bool]
"""One thing a harness knows how to do, and its value: ("tool_calls_per_run", 25)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Actions that hold for a group while `alert` fires. `id` is unique in the plan and the alert's `harness_limit`.

    `label` and `name` say what it belongs to ("budget", "model-spend"), `when` its condition as the spec words it.
    `group_labels` are those the firing alert carries a value of: the limit holds for that group only.
    """

    id: str
    alert: str
    label: str
    name: str
    when: str
    group_labels: tuple[str, ...]
    actions: tuple[Action, ...]
