"""The `slos:` section: one objective and how it is to be kept."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from watchbill import calendar
from watchbill.diagnostics import Code
from watchbill.durations import DAY, MINUTE
from watchbill.fields import BAD_DURATION, Duration, LabelName, Name, Objective, Section, SelectorField, Share, invalid
from watchbill.fields import _duration as parse_window
from watchbill.kinds.slis import AnySli

BAD_WINDOW = Code(
    "WB130",
    "Not a budget period",
    "A budget is kept over a rolling window or a calendar period; under a day there is nothing to spend, over a "
    "quarter nobody remembers.",
    "Write 1d to 90d, or week, month or quarter.",
)
BAD_MASK = Code(
    "WB131",
    "Not a maintenance window",
    "Masks leave time out of the objective, so they must say exactly which.",
    'Write `metric:` with a gauge that is above 0 during maintenance, or `every: "Sa 02:00-04:00"` (UTC).',
)
BAD_COLLAPSE = Code(
    "WB132",
    "Not a traffic bound",
    "The traffic-collapse companion compares the last hour with the same hour of last week.",
    "Write a share such as 50%, or off.",
)
CODES = (BAD_WINDOW, BAD_MASK, BAD_COLLAPSE)

DAYS = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
_EVERY = re.compile(r"(?:(\w\w)(?:-(\w\w))? )?(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def _window(value: Any) -> calendar.Period:
    if isinstance(value, calendar.Period):
        return value
    if isinstance(value, str) and value in calendar.CALENDAR:
        return calendar.CALENDAR[value]
    length = parse_window(value)
    if not DAY <= length <= 90 * DAY:
        raise invalid(BAD_WINDOW, f"{value} is not between 1d and 90d")
    if length % (5 * MINUTE):
        raise invalid(BAD_WINDOW, f"{value} is not a multiple of 5 minutes")
    return calendar.rolling(length)


Window = Annotated[
    calendar.Period,
    BeforeValidator(_window),
    WithJsonSchema({"type": "string", "examples": ["30d", "28d", "week", "month", "quarter"]}),
]


def _collapse(value: Any) -> Any:
    if value is False or value == "off":
        return "off"
    if isinstance(value, str) and value.endswith("%"):
        return value
    raise invalid(BAD_COLLAPSE, f"{str(value)[:40]!r} is neither a share nor off")


class TierSpec(Section):
    """A tier of one's own: alert when `budget` would be spent `within` a time."""

    name: Name = Field(description="Ends the alert's name.")
    severity: Literal["page", "ticket"]
    budget: Share = Field(description="Share of the period's error budget: 2%.")
    within: Duration = Field(description="The long window.")
    recheck: Duration | None = Field(default=None, description="The short window; default a twelfth of the long one.")


class Alerting(Section):
    """Which tiers watch the objective."""

    ladder: Literal["standard", "dense"] = Field(default="standard", description="Default tiers; dense has five pages.")
    tiers: Annotated[tuple[TierSpec, ...], Field(min_length=1)] | None = Field(
        default=None, description="Tiers of your own instead of a ladder, at least one."
    )
    keep_firing_for: Duration = Field(default=5 * MINUTE, description="Keeps one incident one page.")


class LowTrafficSpec(Section):
    """The evidence guard: with few events, a single error is no incident."""

    chance: float = Field(
        default=1e-3,
        gt=0,
        le=1,
        description="Fire only if chance alone would explain the errors less often than this; 1 turns the guard off.",
    )
    overdispersion: float = Field(
        default=1.0, ge=1, le=1000, description="Above 1 where errors come in bursts (retries)."
    )
    min_bad_events: int = Field(
        default=0, ge=0, le=1_000_000, description="A plain floor of errors in the long window."
    )


class Mask(Section):
    """Maintenance: time that does not count."""

    metric: SelectorField | None = Field(default=None, description="Gauge that is above 0 during maintenance.")
    every: str | None = Field(default=None, description='Weekly or daily time, UTC: "Sa 02:00-04:00", "02:00-02:30".')

    @model_validator(mode="after")
    def _checked(self) -> Mask:
        if (self.metric is None) == (self.every is None):
            raise invalid(BAD_MASK, "give either 'metric' or 'every'")
        if self.every is not None:
            self.schedule()
        return self

    def promql(self) -> str:
        """Return PromQL with a sample while the mask holds."""
        found = self.schedule()
        return found.promql() if found else f"{self.metric} > 0"

    def schedule(self) -> calendar.Schedule | None:
        """Return the times of an `every` mask."""
        if self.every is None:
            return None
        match = _EVERY.fullmatch(self.every)
        if match is None:
            raise invalid(BAD_MASK, f"{self.every[:40]!r} is not a weekly or daily time")
        first, last = match[1], match[2] or match[1]
        if first and not {first, last} <= set(DAYS):
            raise invalid(BAD_MASK, f"'{first}-{last}' are not days", f"days are {', '.join(DAYS)}")
        start, end = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
        if not 0 <= start < end <= 24 * 60 or int(match[4]) > 59 or int(match[6]) > 59:
            raise invalid(BAD_MASK, f"{self.every!r} must end after it starts, within one day")
        return (
            calendar.Schedule(start, end, DAYS.index(first), DAYS.index(last))
            if first
            else calendar.Schedule(start, end)
        )


class Slo(Section):
    """One service level objective."""

    name: Name = Field(description="Names the rule file, the alerts and the `slo` label.")
    title: str = Field(default="", max_length=120, description="What users get when it holds, in a short sentence.")
    objective: Objective = Field(description="Percentage of good events: 99.9.")
    window: Window = Field(
        default=calendar.rolling(30 * DAY), description="Budget period: 1d to 90d, week, month, quarter."
    )
    sli: AnySli = Field(description="How good and bad are told apart.")
    alerting: Alerting = Alerting()
    weighting: Literal["events", "time"] = Field(
        default="events",
        description="events: the budget is a number of bad events. time: each stretch of time counts the same.",
    )
    low_traffic: LowTrafficSpec = LowTrafficSpec()
    on_no_traffic: Literal["ignore", "good", "bad"] = Field(
        default="ignore", description="How time without any event counts (weighting: time)."
    )
    on_no_data: Literal["page", "ticket", "ignore", "bad"] = Field(
        default="page", description="What a vanished signal does: alert, nothing, or count as bad."
    )
    traffic_collapse: Annotated[
        Share | Literal["off"] | None,
        BeforeValidator(lambda v: v if v is None else _collapse(v)),
        WithJsonSchema(
            {"anyOf": [{"type": "string", "pattern": r"^\d+(\.\d+)?%$"}, {"const": "off"}, {"type": "null"}]}
        ),
    ] = Field(
        default=None, description="Ticket when an hour's traffic is below this share of last week's; default 50%."
    )
    maintenance: tuple[Mask, ...] = Field(default=(), description="Time that does not count.")
    route: Name | None = Field(default=None, description="Key of the receiver that gets this objective's alerts.")
    section: Name | None = Field(default=None, description="A dashboard that shows this objective beside its kin.")
    runbook: Name | None = Field(
        default=None, description="Topic of the runbook text; default: found by the metrics that are read."
    )
    causes: tuple[LabelName, ...] | None = Field(
        default=None, description="Labels to tell causes apart by; default: those that `bad` or `good` select by."
    )


__all__ = ["BAD_DURATION", "Alerting", "Mask", "Slo", "TierSpec"]
