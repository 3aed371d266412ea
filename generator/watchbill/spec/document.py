"""The whole document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from watchbill.conventions import RESERVED_LABELS
from watchbill.durations import DAY, MINUTE, SECOND
from watchbill.fields import (
    BAD_LABEL,
    AlertmanagerVersion,
    Duration,
    GrafanaVersion,
    LabelName,
    Name,
    Section,
    Version,
    invalid,
)
from watchbill.kinds.budgets import Budget
from watchbill.kinds.capacity import AnyCapacity
from watchbill.kinds.recovery import Recovery
from watchbill.spec.links import DashboardsSpec, LinksSpec
from watchbill.spec.routing import RoutingSpec
from watchbill.spec.slo import Slo

if TYPE_CHECKING:
    from watchbill.kinds.item import Item


SECTIONS: tuple[str, ...] = ("budgets", "capacity", "recovery")
"""Keys of the sections that list items other than objectives, in the order in which they are lowered."""


class Targets(Section):
    """The oldest versions the bundle has to work on."""

    prometheus: Version = Field(default=(2, 42), description="Oldest Prometheus; 2.42 is the floor.")
    alertmanager: AlertmanagerVersion = Field(default=(0, 25), description="Oldest Alertmanager; 0.25 is the floor.")
    grafana: GrafanaVersion = Field(default=(10, 0), description="Oldest Grafana; 10.0 is the floor.")


class PrometheusFacts(Section):
    """How the Prometheus that loads the rules is set up."""

    scrape_interval: Duration = Field(default=15 * SECOND, description="Longest scrape interval of the metrics used.")
    scrape_timeout: Duration | None = Field(default=None, description="Default: 10s or the scrape interval, if less.")
    evaluation_interval: Duration = Field(default=30 * SECOND, description="Interval of the fast rules: one tile.")
    retention: Duration = Field(default=15 * DAY, description="How far back the server can look.")
    settle: Duration | None = Field(
        default=None,
        description="How late tiles are cut, so that scrapes under way are in; default the scrape timeout. More behind "
        "remote write.",
    )
    bridge: Duration = Field(
        default=30 * MINUTE,
        description="Longest gap in scrapes that tiles bridge without loss. Rules read this far back.",
    )


class Limits(Section):
    """Bounds that `check` warns above."""

    samples_per_evaluation: int = Field(default=50_000, gt=0, description="Predicted samples one rule may read.")
    series_per_selector: int = Field(
        default=200, gt=0, description="Series assumed behind a selector, for predictions."
    )


class Document(Section):
    """A watchbill spec: what to watch, how good it must be, and whom to wake."""

    watchbill: Literal[1] = Field(description="Version of the spec's format.")
    service: Name = Field(description="The service the objectives belong to; the `service` label.")
    owner: str = Field(default="", max_length=120, description="The team that answers.")
    targets: Targets = Targets()
    prometheus: PrometheusFacts = PrometheusFacts()
    labels: dict[LabelName, str] = Field(default={}, description="Labels on every rule and alert.")
    links: LinksSpec = LinksSpec()
    routing: RoutingSpec = RoutingSpec()
    dashboards: DashboardsSpec = DashboardsSpec()
    knowledge: str = Field(
        default="", max_length=200, description="Folder of runbook text of your own, beside the spec."
    )
    limits: Limits = Limits()
    slos: tuple[Slo, ...] = Field(default=(), description="Service level objectives.")
    budgets: tuple[Budget, ...] = Field(default=(), description="What counters may add up to in a period.")
    capacity: tuple[AnyCapacity, ...] = Field(default=(), description="Queues, schedules, sandbox pools and stores.")
    recovery: tuple[Recovery, ...] = Field(default=(), description="Sources of data, and the promise to restore them.")

    @property
    def items(self) -> tuple[tuple[tuple[str, int], Item], ...]:
        """Everything but the objectives, each with its path: section and position."""
        return tuple(((name, i), item) for name in SECTIONS for i, item in enumerate(getattr(self, name)))

    @field_validator("labels")
    @classmethod
    def _not_reserved(cls, labels: dict[str, str]) -> dict[str, str]:
        for name in labels:
            if name in RESERVED_LABELS:
                raise invalid(BAD_LABEL, f"'{name}' is a label of the bundle's own")
        return labels
