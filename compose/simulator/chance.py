"""Luck that can be repeated, and the hours of the day."""

from __future__ import annotations

import random
from math import pi, sin
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")
DAY = 86400.0


class Chance:
    """Draws of one theme; another theme's draws do not change them."""

    def __init__(self, seed: int, theme: str) -> None:
        self._random = random.Random(f"{seed} {theme}")  # noqa: S311 - repeatable, not secret

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def waiting(self, per_second: float) -> float:
        return self._random.expovariate(per_second)

    def around(self, median: float, spread: float = 0.35) -> float:
        """Draw a duration: log-normal, as response times are."""
        return median * self._random.lognormvariate(0.0, spread)

    def whole(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def among(self, weights: Mapping[T, float]) -> T:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def any_of(self, values: Sequence[T]) -> T:
        return self._random.choice(values)

    def key(self, bits: int = 64) -> str:
        return f"{self._random.getrandbits(bits):0{bits // 4}x}"


def diurnal(at: float, depth: float) -> float:
    """Return how busy the hour is: 1 on average, `1 + depth` at 15:00 UTC, `1 - depth` at 03:00."""
    return 1 + depth * sin(2 * pi * (at % DAY - 9 * 3600) / DAY)
