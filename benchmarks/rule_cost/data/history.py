"""What a history is: series as they were scraped or recorded, and what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DAYS = 31
DAY = 86_400
SCRAPE = 30
SEED = 20_261_123

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """One series; times are seconds, ascending, and one array where several series were scraped together."""

    metric: str
    labels: Mapping[str, str]
    times: Floats
    values: Ints | Floats

    def write(self, out: TextIO, within: slice, stamps: Sequence[str]) -> None:
        labels = ",".join(f'{name}="{value}"' for name, value in self.labels.items())
        head = f"{self.metric}{{{labels}}} "
        values = map(str, self.values[within].tolist())
        out.writelines(head + value + stamp for value, stamp in zip(values, stamps, strict=True))


@dataclass(frozen=True)
class Truth:
    """What happened in a stretch of time, whether or not a scrape saw it."""

    errors: int
    events: int

    @property
    def ratio(self) -> float:
        return self.errors / self.events

    def __add__(self, other: Truth) -> Truth:
        return Truth(self.errors + other.errors, self.events + other.events)


def write_openmetrics(series: Iterable[Series], out: TextIO, start: float, end: float) -> None:
    """Write the samples in [start, end)."""
    times: Floats | None = None
    within, stamps = slice(0), list[str]()
    for one in series:
        if one.times is not times:
            times = one.times
            within = slice(*np.searchsorted(times, (start, end)).tolist())
            stamps = [f" {at:.3f}\n" for at in times[within].tolist()]
        if stamps:
            one.write(out, within, stamps)
    out.write("# EOF\n")
