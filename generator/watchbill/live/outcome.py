"""What came of one alert in a drill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from watchbill import conventions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNFILLED = re.compile(r"<error|\{\{|<no value>|%!|NaN")


class Part(StrEnum):
    """What was played: the alert alone, together with others of its unit, or right through from its input metrics."""

    ALONE = "alone"
    TOGETHER = "together"
    THROUGH = "through"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds are counted from the moment the fault was on; None where it did not happen.

    `links_ok`: whether what it links to is there, None where nobody got to see. `quiet`: what kept it from its
    receiver, as the plan says. `note`: what was not seen, and why. `left_out`: why it was not drilled.
    """

    alert: str
    injected: str
    part: str = Part.ALONE
    fired_after: float | None = None
    received_after: float | None = None
    resolved_after: float | None = None
    receivers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    links_ok: bool | None = None
    quiet: str = ""
    also_fired: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    note: str = ""
    left_out: str = ""


def unfilled(annotations: Mapping[str, str]) -> Iterator[str]:
    """Yield a problem for each annotation that Prometheus could not fill in."""
    for name, text in annotations.items():
        if UNFILLED.search(text):
            yield f"its annotation {name} is not filled in: {text[:80]}"


def page(annotations: Mapping[str, str]) -> str:
    """Return the path in the bundle of the page that `runbook_url` leads to; empty without one."""
    url = annotations.get("runbook_url", "")
    return f"{conventions.RUNBOOKS_SITE}/{url.split('?', 1)[0].rsplit('/', 1)[-1]}" if url else ""
