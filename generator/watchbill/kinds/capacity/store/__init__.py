"""Store: when it will be full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill.conventions import capacity as names
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import DAY, WEEK, format_duration
from watchbill.fields import Duration, Section, SelectorField, Share
from watchbill.kinds.capacity.base import Grouped, unit
from watchbill.kinds.capacity.sizes import BAD_SIZE, Size
from watchbill.kinds.capacity.store import alerts, panels, proofs, rules
from watchbill.kinds.slis.base import Input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit
    from watchbill.promql import Selector

WARNED_LATE = Code(
    "WB334",
    "Warned after the page",
    "The ticket is there so that nobody has to be woken: it must come first.",
    "Make `warn_before` longer than `page_before`.",
    Severity.WARNING,
)
TREND = Code(
    "WB335",
    "Trend over no whole weeks of days",
    "A line through less than 7 days extrapolates a weekend or a clean-up; measured, forecasts from hours are wrong "
    "three quarters of the time.",
    "Use whole days, from 7d to 60d.",
)
GUARD = Code(
    "WB336",
    "Level guard that keeps the forecast quiet",
    "Forecasts count only above `guard`; where that is near the page's level, they come too late to help.",
    "Keep `guard` below `page_above`; 50% suits most.",
)
CODES = (BAD_SIZE, WARNED_LATE, TREND, GUARD)


class Writes(Section):
    """How often something must be written."""

    within: Duration = Field(description="Ticket when nothing was written for longer.")
    timestamp: SelectorField | None = Field(
        default=None, description="Unix time of the newest write; default store_newest_write_timestamp_seconds."
    )


class Store(Grouped):
    """Something that fills up: a checkpoint store, a trace store, a disk."""

    kind: Literal["store"]
    store: str = Field(default="", max_length=200, description="Value of the label `store` of the default metrics.")
    bytes: SelectorField | None = Field(default=None, description="Gauge of its size; default store_size_bytes.")
    limit: Size = Field(description="What fits into it: 500GB.")
    warn_before: Duration = Field(default=14 * DAY, description="Ticket when it will be full sooner.")
    page_before: Duration = Field(default=2 * DAY, description="Page when it will be full sooner.")
    page_above: Share = Field(default=0.95, validate_default=False, description="Page above this share of the limit.")
    guard: Share = Field(default=0.5, validate_default=False, description="Below this share no forecast counts.")
    trend: Duration = Field(default=WEEK, description="Days that the trend is fitted to.")
    writes: Writes | None = Field(default=None, description="Ticket when writes stop.")
    on_no_data: Literal["page", "ticket", "ignore"] = Field(
        default="ticket", description="What a vanished signal does."
    )

    @property
    def size(self) -> Selector:
        """Selector of the size."""
        return self.metric(self.bytes, "store_size_bytes", store=self.store)

    @property
    def newest(self) -> Selector | None:
        """Selector of the newest write, if writes are watched."""
        if self.writes is None:
            return None
        return self.metric(self.writes.timestamp, "store_newest_write_timestamp_seconds", store=self.store)

    def inputs(self) -> tuple[Input, ...]:
        """The size, and the newest write."""
        newest = self.newest
        return (Input("bytes", self.size, "gauge"), *([Input("writes", newest, "gauge")] if newest else []))

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """Times and levels are in order."""
        del setting
        if self.warn_before <= self.page_before:
            ticket, page = format_duration(self.warn_before), format_duration(self.page_before)
            text = f"the ticket comes {ticket} before it is full, the page {page}"
            yield Problem(self._at("warn_before"), WARNED_LATE, text)
        if not WEEK <= self.trend <= 60 * DAY or self.trend % DAY:
            yield Problem(self._at("trend"), TREND, f"{format_duration(self.trend)} are no whole days from 7d to 60d")
        if self.guard >= self.page_above:
            yield Problem(self._at("guard"), GUARD, "the guard is not below the level that pages")

    def _at(self, field: str) -> tuple[str, ...]:
        return (field if field in self.model_fields_set else "limit",)

    def unit(self, setting: Setting) -> Unit:
        """Return rules, alerts, scenarios and panels."""
        bench = rules.StoreBench(self, setting, names.BOARD)
        return unit(bench, alerts.alerts, rules.files, proofs.scenarios, panels.display)
