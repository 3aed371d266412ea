"""Decimal literals without float debris: what a rule prints is what PromQL parses back."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

SIGNIFICANT = 10


@lru_cache(maxsize=65536)
def literal(value: float | Decimal) -> str:
    """Return the shortest plain decimal of `value` at ten significant digits, never in exponent form."""
    shortened = Decimal(f"{Decimal(value) if isinstance(value, Decimal) else value:.{SIGNIFICANT}g}")
    text = format(shortened, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def percent(ratio: float) -> str:
    """Return a ratio as a percentage for people: 0.999 -> 99.9%."""
    return f"{literal(round(ratio * 100, 8))}%"
