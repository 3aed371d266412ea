"""Which label values are let in: closed sets, the values of the config, then the first so many of each label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from watchbill_exporters.core.overflow import OTHER, LabelLimit, overflow_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from watchbill_exporters.core.memory.tally.family import Family

MOST = 100


@dataclass(frozen=True)
class Allowance:
    """What the config says of one label: values that are always let in, and how many others."""

    allowed: tuple[str, ...] = ()
    most: int = MOST


class Limits:
    """One limit for each label name, shared by all families."""

    def __init__(self, allowances: Mapping[str, Allowance]) -> None:
        self._allowances = dict(allowances)
        self._limits = {label: _limit(label, allowance) for label, allowance in allowances.items()}

    def configure(self, allowances: Mapping[str, Allowance], in_use: Iterable[tuple[str, str]]) -> None:
        """Take other allowances; values in use come first, counts of overflow stay."""
        old, self._allowances = self._limits, {**self._allowances, **allowances}
        fresh = {label: _limit(label, allowance) for label, allowance in self._allowances.items()}
        for label, limit in fresh.items():
            limit.overflowed = old[label].overflowed if label in old else 0
        self._limits = fresh
        for label, value in in_use:
            limit = self._of(label)
            before = limit.overflowed
            limit.admit(value)
            limit.overflowed = before

    def admit(self, family: Family, labels: tuple[str, ...]) -> tuple[str, ...]:
        closed = family.closed
        return tuple(
            self._of(name).admit(value)
            if name not in closed
            else value
            if value in closed[name]
            else OTHER
            for name, value in zip(family.labels, labels, strict=True)
        )  # fmt: skip

    def folded(self, family: Family, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the labels with `other` for all that are not closed sets."""
        closed = family.closed
        return tuple(v if n in closed else OTHER for n, v in zip(family.labels, labels, strict=True))

    def known(self, family: Family) -> Iterator[tuple[str, ...]]:
        """Yield every label set that is known beforehand; none when one label is known by events only."""
        return product(*(family.closed.get(name) or self._allowed(name) for name in family.labels))

    def forget(self, label: str, value: str) -> None:
        self._of(label).forget(value)

    def rows(self) -> list[tuple[Mapping[str, str], float]]:
        return overflow_rows(self._limits.values())

    def _allowed(self, label: str) -> tuple[str, ...]:
        allowance = self._allowances.get(label)
        return allowance.allowed if allowance is not None else ()

    def _of(self, label: str) -> LabelLimit:
        limit = self._limits.get(label)
        if limit is None:
            limit = self._limits[label] = LabelLimit(label, most=MOST)
        return limit


def _limit(label: str, allowance: Allowance) -> LabelLimit:
    return LabelLimit(label, allowed=allowance.allowed, most=allowance.most)
