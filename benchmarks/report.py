"""One result, and how it is shown: a table for people, a JSON line for machines."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Result:
    """One figure; `low` and `high` are the bounds it must keep."""

    benchmark: str
    subject: str
    figure: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        above = self.low is None or self.value >= self.low
        below = self.high is None or self.value <= self.high
        return above and below

    @property
    def bound(self) -> str:
        parts = []
        if self.low is not None:
            parts.append(f">= {shown(self.low)}")
        if self.high is not None:
            parts.append(f"<= {shown(self.high)}")
        return " ".join(parts) + ("" if self.holds else "  FAILED") if parts else ""

    @property
    def json(self) -> str:
        value = None if math.isnan(self.value) else self.value
        return json.dumps({**asdict(self), "value": value, "holds": self.holds})


def shown(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def table(results: Iterable[Result]) -> str:
    """Render the results of one benchmark, one row each."""
    rows = [("subject", "figure", "value", "bound", "note")]
    rows += [(r.subject, r.figure, f"{shown(r.value)} {r.unit}".strip(), r.bound, r.note) for r in results]
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
