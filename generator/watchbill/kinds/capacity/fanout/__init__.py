"""Fanout: whether slots can drain what schedules bring at once, and whether these fire."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator

from watchbill import cron
from watchbill.conventions import capacity as names
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import DAY, MINUTE, format_duration, spoken
from watchbill.fields import Duration, Section, SelectorField, invalid
from watchbill.kinds.capacity.base import Capacity, unit
from watchbill.kinds.capacity.fanout import alerts, panels, proofs, rules
from watchbill.kinds.slis.base import Input
from watchbill.kinds.zones import ZoneField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit
    from watchbill.promql import Selector

BAD_CRON = Code(
    "WB338",
    "Not a cron expression",
    "What a schedule brings and when is computed from its expression before any server runs.",
    'Write five fields, minute hour day month weekday: "*/15 * * * *"; names, lists, ranges and steps are known.',
)
NEVER_DONE = Code(
    "WB339",
    "Jobs that are not done before they come again",
    "With the slots and the run time that the spec expects, what a schedule brings is still waiting when it fires "
    "again: the backlog only grows, or one schedule starves on another.",
    "Give it more slots, fewer jobs, or more time between firings.",
)
PEAK = Code(
    "WB340",
    "Peak that takes longer than it may",
    "With the slots and the run time that the spec expects, the most that comes within `drain_within` is not done in "
    "that time.",
    "Spread the schedules, add slots, or allow more time.",
    Severity.WARNING,
)
UNNAMED = Code(
    "WB341",
    "Schedules without a name",
    "Which series of the exporter belongs to an expression is told by the label `schedule`. Without it nobody sees a "
    "peak coming, and a firing that is missing shows only after the longest silence of all.",
    'Name it: "0 2 * * *": {jobs: 400, schedule: nightly}.',
    Severity.INFO,
)
HALF_EXPECTED = Code(
    "WB342",
    "Expected slots or run time alone",
    "Only together they tell at generation time whether the schedules can be worked off.",
    "Give both `expect_slots` and `run_time`, or neither.",
    Severity.WARNING,
)
CODES = (BAD_CRON, NEVER_DONE, PEAK, UNNAMED, HALF_EXPECTED)
MAX_SCHEDULES = 40


class Fires(Section):
    """What one expression brings."""

    jobs: int = Field(gt=0, le=10_000_000, description="Jobs that it enqueues each time.")
    schedule: str = Field(default="", max_length=200, description="Value of the label `schedule` of the exporter.")


def _fires(value: Any) -> Any:
    return {"jobs": value} if isinstance(value, int) and not isinstance(value, bool) else value


Schedules = Annotated[
    dict[str, Annotated[Fires, BeforeValidator(_fires)]],
    Field(min_length=1, max_length=MAX_SCHEDULES),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "integer"}, {"type": "object"}]},
            "examples": [{"0 2 * * *": 400}],
        }
    ),
]


class Fanout(Capacity):
    """Schedules that fan out, and the slots that work off what they bring."""

    kind: Literal["fanout"]
    schedules: Schedules = Field(
        description='Jobs by cron expression: {"0 2 * * *": 400}, or {jobs: 400, schedule: nightly}.'
    )
    zone: ZoneField = Field(
        default="UTC", description="Time zone of the expressions; clocks that change are reckoned with."
    )
    slots: SelectorField = Field(description="Gauge of jobs that can run at once: queue_worker_slots of the queue.")
    run_time: Duration | None = Field(
        default=None, description="How long a job runs; default: measured by `run_seconds`."
    )
    run_seconds: SelectorField | None = Field(
        default=None,
        description="Histogram or summary of how long jobs run, without suffix; default queue_run_seconds.",
    )
    expect_slots: int | None = Field(default=None, gt=0, description="Slots to reckon with before any server runs.")
    drain_within: Duration = Field(default=15 * MINUTE, description="How long working off a peak may take.")
    ahead: Duration = Field(default=30 * MINUTE, description="How long before a peak it is looked for.")
    grace: Duration = Field(default=10 * MINUTE, description="How late a schedule may fire.")
    last_fired: SelectorField | None = Field(
        default=None, description="Unix time; default queue_schedule_last_fired_timestamp_seconds."
    )
    next_due: SelectorField | None = Field(
        default=None, description="Unix time; default queue_schedule_next_due_timestamp_seconds."
    )
    missed: SelectorField | None = Field(default=None, description="Counter; default queue_schedule_missed_total.")

    @field_validator("schedules")
    @classmethod
    def _read(cls, schedules: dict[str, Fires]) -> dict[str, Fires]:
        for text in schedules:
            try:
                cron.parse(text)
            except ValueError as exc:
                raise invalid(BAD_CRON, str(exc)) from None
        return schedules

    @cached_property
    def clock(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def read(self) -> tuple[tuple[cron.Cron, Fires], ...]:
        """The expressions, read."""
        return tuple((cron.parse(text), fires) for text, fires in self.schedules.items())

    @cached_property
    def listed(self) -> tuple[tuple[cron.Cron, float], ...]:
        """The expressions with their jobs."""
        return tuple((one, float(fires.jobs)) for one, fires in self.read)

    @cached_property
    def peak(self) -> tuple[float, int]:
        """The most jobs that come within `drain_within`, and when for the first time."""
        return cron.peak(self.listed, min(self.drain_within, DAY), self.clock)

    @property
    def named(self) -> tuple[tuple[cron.Cron, Fires], ...]:
        """The expressions whose series are known."""
        return tuple((one, fires) for one, fires in self.read if fires.schedule)

    def of(self, role: str) -> Selector:
        """Return the selector of an input."""
        if role == "slots":
            return self.slots
        return self.metric(getattr(self, role), rules.METRICS[role])

    def inputs(self) -> tuple[Input, ...]:
        """Slots, what schedules say of themselves, and run times if they are measured."""
        runs = self.of("run_seconds")
        parts = () if self.run_time else (runs.named(f"{runs.metric}_count"), runs.named(f"{runs.metric}_sum"))
        return (
            Input("slots", self.slots, "gauge"),
            Input("last_fired", self.of("last_fired"), "gauge"),
            *([Input("next_due", self.of("next_due"), "gauge")] if self.named else []),
            Input("missed", self.of("missed"), "counter"),
            *(Input("run_seconds", part, "counter") for part in parts),
        )

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """What comes can be worked off, as far as the spec tells."""
        del setting
        if (self.run_time is None) != (self.expect_slots is None):
            given = "run_time" if self.run_time is not None else "expect_slots"
            yield Problem((given,), HALF_EXPECTED, f"'{given}' is given alone")
        elif self.run_time is not None and self.expect_slots is not None:
            yield from self._worked_off(self.expect_slots / (self.run_time / MINUTE))
        if len(self.named) < len(self.read):
            text = f"{len(self.read) - len(self.named)} of {len(self.read)} expressions name no schedule"
            yield Problem(("schedules",), UNNAMED, text)

    def _worked_off(self, per_minute: float) -> Iterator[Problem]:
        late = cron.unfinished(self.listed, per_minute, self.clock)
        for text in late:
            yield Problem(
                ("schedules", text), NEVER_DONE, f"the jobs of {text!r} are not done before it fires again", on_key=True
            )
        jobs, _ = self.peak
        takes = jobs / per_minute * MINUTE
        if not late and takes > self.drain_within:
            text = f"{jobs:g} jobs at once take {spoken(takes)}, and may take {format_duration(self.drain_within)}"
            yield Problem(("schedules",), PEAK, text)

    def unit(self, setting: Setting) -> Unit:
        """Return rules, alerts, scenarios and panels."""
        bench = rules.FanoutBench(self, setting, names.BOARD)
        return unit(bench, alerts.alerts, rules.files, proofs.scenarios, panels.display)
