"""Runbook pages: the facts an alert's page is made of. Prose comes from knowledge files, numbers from here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Use(StrEnum):
    """What a check is for; pages show it where that question comes up."""

    LOOK = "look"
    TRUST = "trust"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Fact:
    """One computed number of the first screen: what it is, its value as people say it, and what there is to add."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A query to run: what it shows, the expression, and what to expect of the result.

    In `expr` a group label's value stands as `$agent`: pages that open from an alert fill it in. `always`: while the
    objective is measured at all, the query has a result.
    """

    key: str
    title: str
    expr: str
    expect: str
    use: Use = Use.LOOK
    always: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a kind computes for a page.

    `hurts` is what users feel, in a sentence, `brief` the same in the list of pages. `metrics` find the knowledge about
    what is measured where the page names none. `values` fill the placeholders of knowledge of the same name.
    """

    brief: str = ""
    hurts: str = ""
    metrics: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What one alert's runbook page says beyond knowledge.

    `topic` names the knowledge about what is measured; the alert's family that about the alert. `group_labels` are
    those that the firing alert carries a value of. `slower_than`, ms: traces worth seeing are the slow ones, not (0)
    the failed ones. `make` computes the content when it is asked for: rules alone do not need it.
    """

    title: str = ""
    topic: str = ""
    group_labels: tuple[str, ...] = ()
    slower_than: int = 0
    make: Callable[[], Content] = Content


@dataclass(frozen=True, slots=True)
class Note:
    """A knowledge file: its name without suffix, where it stands, and its text."""

    name: str
    file: str
    text: str
