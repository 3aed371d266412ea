"""What a family of series is: its name, its labels, and which values they may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a series holds."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, eq=False)  # compared by identity: it is the key of the hottest dictionary
class Family:
    """One metric. `closed` holds the labels that are closed sets; all others are limited by their name."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bounds: tuple[float, ...] = ()


def counter(name: str, help_text: str, *labels: str, **closed: tuple[str, ...]) -> Family:
    """Return a counter; its closed labels come after the others."""
    return Family(name, Kind.COUNTER, help_text, (*labels, *closed), closed)


def gauge(name: str, help_text: str, *labels: str, **closed: tuple[str, ...]) -> Family:
    return Family(name, Kind.GAUGE, help_text, (*labels, *closed), closed)


def histogram(name: str, help_text: str, bounds: tuple[float, ...], *labels: str, **closed: tuple[str, ...]) -> Family:
    return Family(name, Kind.HISTOGRAM, help_text, (*labels, *closed), closed, bounds)
