"""promtool's notation of a series, read: `1+2x3 _x2 0x4 stale`, one sample a step."""

from __future__ import annotations

import re

_NUMBER = r"(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|Inf|NaN)"
_RUN = re.compile(rf"(?P<first>[+-]?{_NUMBER})(?:(?P<sign>[+-])(?P<delta>{_NUMBER}))?x(?P<more>\d+)", re.ASCII)
_GAP = re.compile(r"_(?:x(?P<more>\d+))?")
STALE = "stale"


def samples(values: str) -> list[float | None]:
    """Return the samples; None where there is none. Raises ValueError for histograms, which no drill writes."""
    out: list[float | None] = []
    for word in values.split():
        if word == STALE:
            out.append(None)
        elif gap := _GAP.fullmatch(word):
            out += [None] * int(gap["more"] or 1)
        elif run := _RUN.fullmatch(word):
            first, delta = float(run["first"]), float(run["delta"] or 0) * (-1 if run["sign"] == "-" else 1)
            out += [first + delta * i for i in range(int(run["more"]) + 1)]
        else:
            out.append(float(word))
    return out
