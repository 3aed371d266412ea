"""Units, colours, thresholds and words: what neutral values look like in Grafana."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from watchbill.model import Measure, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill.model import Meaning, Threshold

Json = dict[str, Any]

UNITS: Mapping[Measure, tuple[str, int | None]] = {
    Measure.RATIO: ("percentunit", None),
    Measure.SECONDS: ("s", None),
    Measure.MILLISECONDS: ("ms", None),
    Measure.COUNT: ("short", None),
    Measure.PER_SECOND: ("cps", None),
    Measure.BURN_RATE: ("suffix:×", None),  # noqa: RUF001 - the sign, not the letter
    Measure.TIMESTAMP: ("dateTimeFromNow", None),
    Measure.USD: ("currencyUSD", 2),
    Measure.BYTES: ("bytes", None),
    Measure.NUMBER: ("short", None),
    Measure.STATE: ("none", 0),
}
"""Unit and decimals (None: as Grafana sees fit)."""

COLOURS: Mapping[State, str] = {
    State.GOOD: "green",
    State.WARNING: "orange",
    State.BAD: "red",
    State.NEUTRAL: "blue",
}
_VARIABLE = re.compile(r"\$(?=[\w{])|\[(?=\[)")


def literal(text: str) -> str:
    """Return text in which Grafana finds no variable: a word joiner, which nobody sees, parts what would be one."""
    return _VARIABLE.sub(lambda match: f"{match[0]}\u2060", text)


def thresholds(levels: Iterable[Threshold]) -> Json:
    """Return the thresholds, the base first; without any, all is neutral."""
    steps: list[Json] = [{"color": COLOURS[t.state], "value": t.at} for t in levels]
    if not steps or steps[0]["value"] is not None:
        steps.insert(0, {"color": COLOURS[State.NEUTRAL], "value": None})
    return {"mode": "absolute", "steps": steps}


def mappings(meanings: Iterable[Meaning]) -> list[Json]:
    """Return value mappings."""
    return [
        {
            "type": "range",
            "options": {
                "from": m.least,
                "to": m.most,
                "result": {"text": m.text, "color": COLOURS[m.state], "index": i},
            },
        }
        for i, m in enumerate(meanings)
    ]


def unit(measure: Measure) -> Json:
    """Return unit and decimals."""
    name, decimals = UNITS[measure]
    return {"unit": name} if decimals is None else {"unit": name, "decimals": decimals}
