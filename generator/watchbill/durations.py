"""Durations as whole milliseconds, in Prometheus' notation (`30d`, `1h30m`, `29s999ms`)."""

from __future__ import annotations

import re
from functools import lru_cache

MS = 1
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_UNITS = {"y": 365 * DAY, "w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": MS}
_PART = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(ms|y|w|d|h|m|s)", re.ASCII)


def parse_duration(text: str) -> int:
    """Return milliseconds for `30d`, `1h30m`, `2.5s`. Raises ValueError for anything else, zero and parts of a ms."""
    pos, total = 0, 0.0
    body = text.strip()
    while pos < len(body):
        match = _PART.match(body, pos)
        if match is None:
            break
        total += float(match[1]) * _UNITS[match[2]]
        pos = match.end()
    if not body or pos != len(body):
        message = f"'{text}' is not a duration such as 30s, 5m, 1h30m or 30d"
        raise ValueError(message)
    whole = round(total)
    if whole <= 0 or abs(whole - total) > 1e-6:
        message = f"'{text}' must be a positive, whole number of milliseconds"
        raise ValueError(message)
    return whole


@lru_cache(maxsize=4096)
def format_duration(ms: int) -> str:
    """Return the Prometheus form of `ms`: 86400000 -> 1d, 5400000 -> 1h30m, 299999 -> 4m59s999ms."""
    out, rest = [], ms
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", MS)):
        count, rest = divmod(rest, size)
        if count:
            out.append(f"{count}{unit}")
    return "".join(out) or "0s"


@lru_cache(maxsize=4096)
def spoken(ms: float) -> str:
    """Return a duration for people, two units at most: 2d 2h, 51m, 8m 38s."""
    rest = round(ms / SECOND)
    out = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            out.append(f"{count}{unit}")
    return " ".join(out[:2]) or "0s"


def round_up(ms: float, step: int) -> int:
    """Return the least multiple of `step` that is not below `ms` (both milliseconds)."""
    return -int(-(ms - 1e-6) // step) * step


def offset(ms: int) -> str:
    """Return ` offset 10s`, or nothing for 0: Prometheus 2.42 does not parse `offset 0s`."""
    return f" offset {format_duration(ms)}" if ms else ""


def tiles_range(ms: int, *, left_open: bool = False) -> str:
    """Return the range that holds exactly `ms / interval` tiles at any phase.

    Prometheus 2.x ranges are closed on both ends and would hold one tile more at phase 0: a millisecond less mends
    that. Where only 3.x has to be right (`left_open`), the plain length is exact; the shorter one would miss a tile at
    one phase in 30,000 (alert-math, section 2).
    """
    return format_duration(ms if left_open else ms - 1)
