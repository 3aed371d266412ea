"""Scenarios: little histories of series, and what must and must not come of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchbill.model.rules import Labels


@dataclass(frozen=True, slots=True)
class Series:
    """A stretch of history of one series; `values` in promtool's notation, one per scenario step."""

    name: str
    labels: Labels
    values: str


@dataclass(frozen=True, slots=True)
class Fires:
    """At `at` ms exactly these label sets of the alert fire (none: it is silent)."""

    alert: str
    at: int
    firing: tuple[Labels, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """At `at` ms the recorded family, selected by `labels`, has exactly these samples (label set, value)."""

    record: str
    labels: Labels
    at: int
    samples: tuple[tuple[Labels, float], ...] = ()
    tolerance: float = 1e-9


@dataclass(frozen=True, slots=True)
class Scenario:
    """A little history and what must and must not come of it.

    `level` says where the history enters: "raw" (input metrics), "tiles" or "windows" (recorded series).
    """

    name: str
    level: str
    step: int
    evaluation: int
    series: tuple[Series, ...]
    fires: tuple[Fires, ...] = ()
    records: tuple[Records, ...] = ()
