"""The label sets the bundle's alerts fire with: one example each, and what is special about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Alert, Plan

Labels = dict[str, str]


def label_sets(plan: Plan, example: str = "1") -> Iterator[tuple[Alert, Labels]]:
    """Yield every alert with the labels it fires with; a group label's value is `<label>-<example>`.

    Jobs are real ones: routes and inhibitions know them by name.
    """
    jobs = tuple(dict.fromkeys(m.value for i in plan.inhibitions for m in i.source if m.label == "job"))
    for alert in plan.alerts():
        own = {name: value.replace('{{ "{{" }}', "{{") for name, value in alert.labels}
        labels = {"alertname": alert.name, **own}
        if alert.page.group_labels == ("job",) and not conventions.item(own)[0]:
            yield from ((alert, {**labels, "job": job}) for job in jobs or ("job-1",))
            continue
        yield alert, {**labels, **{name: f"{name}-{example}" for name in alert.page.group_labels if name not in own}}
