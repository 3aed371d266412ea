"""Pool: whether there are sandboxes to be had, start in time, and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.diagnostics import Code, Problem
from watchbill.durations import SECOND, format_duration
from watchbill.fields import Duration, Objective, Positive, Section, SelectorField, Share, invalid
from watchbill.kinds.capacity.base import Grouped, unit
from watchbill.kinds.capacity.pool import alerts, panels, proofs, rules
from watchbill.kinds.slis.base import Input
from watchbill.kinds.slis.latency import NOT_A_BOUND, SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit
    from watchbill.promql import Selector

SATURATION = Code(
    "WB337",
    "Saturation that nothing is below",
    "The ticket on a saturated pool is a warning ahead of the page at 100%.",
    "Give `saturation` a share below 100%: 85% suits most.",
)
CODES = (SATURATION,)


class Start(Section):
    """How fast sandboxes start."""

    objective: Objective = Field(description="Percentage of starts that are fast enough.")
    within: Duration = Field(description="What is fast enough; must be a bucket bound of the histogram.")
    histogram: SelectorField | None = Field(
        default=None,
        description="Histogram of starts, seconds, without suffix; default sandbox_start_duration_seconds.",
    )
    bounds: tuple[Positive, ...] = Field(
        default=(), description="The histogram's bounds, seconds, to check `within` by."
    )

    @model_validator(mode="after")
    def _checked(self) -> Start:
        seconds = self.within / SECOND
        if self.bounds and not any(abs(b - seconds) <= 1e-9 * seconds for b in self.bounds):
            near = ", ".join(literal(b) for b in sorted(sorted(self.bounds, key=lambda b: abs(b - seconds))[:3]))
            raise invalid(
                NOT_A_BOUND, f"{format_duration(self.within)} is no bound of the histogram", f"nearest bounds: {near}"
            )
        if self.histogram is not None and self.histogram.metric.endswith(("_bucket", "_count", "_sum")):
            raise invalid(SUFFIX, f"'{self.histogram.metric}' is a series of a histogram")
        return self


class Pool(Grouped):
    """A pool of sandboxes. Every metric defaults to the canonical one of `pool`."""

    kind: Literal["pool"]
    pool: str = Field(default="", max_length=200, description="Value of the label `pool` of the default metrics.")
    saturation: Share = Field(
        default=0.85, validate_default=False, description="Ticket above this share of its capacity."
    )
    start: Start | None = Field(default=None, description="How fast sandboxes start; page when too many are slow.")
    failures: Share = Field(default=0.01, validate_default=False, description="Share of starts that may fail.")
    out_of_memory: Share = Field(
        default=0.01, validate_default=False, description="Share of sandboxes that may be killed for want of memory."
    )
    longest: Duration | None = Field(default=None, description="Ticket when a sandbox is older than this.")
    sandboxes: SelectorField | None = Field(
        default=None, description='Gauge of those in use; default sandboxes{state=~"running|starting"}.'
    )
    capacity: SelectorField | None = Field(
        default=None, description="Gauge of how many fit; default sandbox_pool_capacity."
    )
    starts: SelectorField | None = Field(default=None, description="Counter; default sandbox_starts_total.")
    start_failures: SelectorField | None = Field(
        default=None, description="Counter; default sandbox_start_failures_total."
    )
    exits: SelectorField | None = Field(default=None, description="Counter; default sandbox_exits_total.")
    oom_kills: SelectorField | None = Field(default=None, description="Counter; default sandbox_oom_kills_total.")
    running_seconds: SelectorField | None = Field(
        default=None, description="Counter of seconds that sandboxes ran; default sandbox_running_seconds_total."
    )
    oldest_start: SelectorField | None = Field(
        default=None,
        description="Unix time at which the oldest one started; default sandbox_oldest_start_timestamp_seconds.",
    )

    def of(self, role: str) -> Selector:
        """Return the selector of an input."""
        metric = rules.METRICS[role]
        given = (self.start.histogram if self.start else None) if role == "histogram" else getattr(self, role)
        found = self.metric(given, metric, pool=self.pool)
        return rules.in_use(found) if role == "sandboxes" and given is None else found

    def inputs(self) -> tuple[Input, ...]:
        """All metrics, sandboxes in use first."""
        plain = tuple(
            Input(role, self.of(role), "counter" if metric.endswith("_total") else "gauge")
            for role, metric in rules.METRICS.items()
            if role != "histogram" and not (role == "oldest_start" and self.longest is None)
        )
        if self.start is None:
            return plain
        parts = (self.of("histogram").named(f"{self.of('histogram').metric}{end}") for end in ("_count", "_bucket"))
        return (*plain, *(Input("start", part, "counter") for part in parts))

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """The ticket comes before the page."""
        del setting
        if self.saturation >= 1:
            yield Problem(("saturation",), SATURATION, "a pool that is all in use pages anyway")

    def unit(self, setting: Setting) -> Unit:
        """Return rules, alerts, scenarios and panels."""
        bench = rules.PoolBench(self, setting, names.BOARD)
        return unit(bench, alerts.alerts, rules.files, proofs.scenarios, panels.display)
