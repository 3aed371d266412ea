"""Hours of the week in a time zone: when tickets are told."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from watchbill.diagnostics import Code, did_you_mean
from watchbill.fields import Section, invalid
from watchbill.kinds.zones import BAD_ZONE, ZoneField
from watchbill.spec.slo import DAYS

BAD_HOURS = Code(
    "WB163",
    "Not hours of the week",
    "Tickets are told within these hours only, so they must say exactly which.",
    'Write `outside: "Mo-Fr 08:00-18:00"`, or a list of such hours; days are Mo, Tu, We, Th, Fr, Sa, Su.',
)
CODES = (BAD_HOURS, BAD_ZONE)

Hours = tuple[int, int, int, int]
_RANGE = re.compile(r"(?:(\w\w)(?:-(\w\w))? )?(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
DAY_MINUTES = 24 * 60


def _one(value: Any) -> Hours:
    if isinstance(value, tuple):
        return value  # read already
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise invalid(BAD_HOURS, f"{str(value)[:40]!r} is no range of hours")
    first, last = match[1] or "Mo", (match[2] or match[1]) or "Su"
    for day in (first, last):
        if day not in DAYS:
            raise invalid(BAD_HOURS, f"'{day}' is no day", did_you_mean(day, DAYS))
    start, end = int(match[3]) * 60 + int(match[4]), int(match[5]) * 60 + int(match[6])
    if int(match[4]) > 59 or int(match[6]) > 59 or end > DAY_MINUTES or start > DAY_MINUTES:
        raise invalid(BAD_HOURS, f"{value!r} names a time that no clock shows")
    if start >= end:
        hint = f"over midnight, write two: {match[3]}:{match[4]}-24:00 and 00:00-{match[5]}:{match[6]}"
        raise invalid(BAD_HOURS, f"{value!r} must end after it starts, within one day", hint)
    return (DAYS.index(first), DAYS.index(last), start, end)


def _hours(value: Any) -> tuple[Hours, ...]:
    listed = list(value) if isinstance(value, list | tuple) else [value]
    if not listed:
        raise invalid(BAD_HOURS, "no hours are named")
    return tuple(_one(one) for one in listed)


HoursField = Annotated[
    tuple[Hours, ...],
    BeforeValidator(_hours),
    WithJsonSchema({"type": ["string", "array"], "examples": ["Mo-Fr 08:00-18:00"]}),
]


class MuteSpec(Section):
    """Tickets wait for working hours; pages never do."""

    outside: HoursField = Field(description='Hours in which tickets are told: "Mo-Fr 08:00-18:00", or a list of such.')
    zone: ZoneField = Field(description="Time zone of these hours.")
