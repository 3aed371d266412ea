"""Amounts with a unit word: `42000 usd`, `2.5M`, `60000 minutes`, `500 usd each`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from watchbill.diagnostics import Code
from watchbill.fields import invalid
from watchbill.model import Measure

BAD_AMOUNT = Code(
    "WB300",
    "Not an amount",
    "An allowance is a number that people agreed on; a unit nobody knows would be off by its factor.",
    "Write a number above 0, k, M or G if it is large, and a unit if it has one: 42000 usd, 2.5M tokens, "
    "60000 minutes. `each` at the end gives every group its own.",
)
CODES = (BAD_AMOUNT,)

MONEY, TIME, BYTES, COUNT = "money", "time", "bytes", "count"
SUFFIXES = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9}
MEASURES = {MONEY: Measure.USD, TIME: Measure.SECONDS, BYTES: Measure.BYTES, COUNT: Measure.COUNT}
_AMOUNT = re.compile(
    r"(\d{1,15}(?:\.\d{1,9})?)(?:([kKMG]?)(?: (?!each$)([A-Za-z]{1,12}))?|([A-Za-z]{1,12}))( each)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit word; one of it is `scale` of what the counter counts (seconds, bytes, dollars)."""

    word: str
    kind: str
    scale: int = 1


UNITS = {
    unit.word: unit
    for unit in (
        Unit("usd", MONEY),
        Unit("seconds", TIME), Unit("minutes", TIME, 60), Unit("hours", TIME, 3600), Unit("days", TIME, 86400),
        Unit("bytes", BYTES), Unit("kB", BYTES, 10**3), Unit("MB", BYTES, 10**6), Unit("GB", BYTES, 10**9),
        Unit("TB", BYTES, 10**12), Unit("KiB", BYTES, 2**10), Unit("MiB", BYTES, 2**20), Unit("GiB", BYTES, 2**30),
        Unit("TiB", BYTES, 2**40),
        Unit("tokens", COUNT), Unit("calls", COUNT), Unit("runs", COUNT), Unit("requests", COUNT),
        Unit("tasks", COUNT), Unit("events", COUNT),
    )
}  # fmt: skip
PLAIN = Unit("", COUNT)
COUNTED_IN = {MONEY: ("usd", "dollar"), TIME: ("seconds",), BYTES: ("bytes",)}
"""What a counter's name says where it counts this."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written, and its value in what the counter counts. `each`: every group has its own."""

    value: float
    unit: Unit
    text: str
    each: bool = False


def parse(value: Any) -> Amount:
    """Return the amount that a text or a number says."""
    if isinstance(value, Amount):
        return value
    text = " ".join(str(value).split())
    match = None if isinstance(value, bool) or not isinstance(value, str | int | float) else _AMOUNT.fullmatch(text)
    if match is None:
        raise invalid(BAD_AMOUNT, f"{text[:60]!r} is not an amount")
    word = match[3] or match[4] or ""
    unit = UNITS.get(word) if word else PLAIN
    if unit is None:
        raise invalid(BAD_AMOUNT, f"'{word}' is no unit that is known here", f"units are {', '.join(UNITS)}")
    number = float(Decimal(match[1]).scaleb(SUFFIXES[match[2] or ""]) * unit.scale)
    if not 0 < number < 1e15:
        raise invalid(BAD_AMOUNT, f"{text[:60]!r} is not above 0 and below 10^15")
    return Amount(number, unit, text.removesuffix(" each"), bool(match[5]))


_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}],
    "examples": ["42000 usd", "2.5M tokens", "60000 minutes", "500 usd each"],
}


def _allowance(value: Any) -> Amount | tuple[tuple[str, Amount], ...]:
    if isinstance(value, tuple):
        return value
    if not isinstance(value, dict):
        return parse(value)
    found = tuple((str(group), parse(amount)) for group, amount in value.items())
    if not found or any(not group for group, _ in found):
        raise invalid(BAD_AMOUNT, "a map of allowances needs a group and an amount, at least one")
    if any(amount.each for _, amount in found):
        raise invalid(BAD_AMOUNT, "`each` makes no sense where every group is named", "drop the word")
    if len({(amount.unit.kind) for _, amount in found}) > 1:
        raise invalid(BAD_AMOUNT, "the allowances of one counter are not all of one kind")
    return found


AmountField = Annotated[Amount, BeforeValidator(parse), WithJsonSchema(_SCHEMA)]
Allowance = Annotated[
    Amount | tuple[tuple[str, Amount], ...],
    BeforeValidator(_allowance),
    WithJsonSchema({**_SCHEMA, "anyOf": [*_SCHEMA["anyOf"], {"type": "object", "additionalProperties": _SCHEMA}]}),
]
