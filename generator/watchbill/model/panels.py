"""Dashboards, neutrally: kinds bring panels and name the boards they land on; a target lays them out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a panel shows its data."""

    STAT = "stat"
    GAUGE = "gauge"
    LINES = "lines"
    BARS = "bars"
    TABLE = "table"
    STATES = "states"
    HEATMAP = "heatmap"
    TEXT = "text"


class Row(StrEnum):
    """What a panel answers. Boards show rows in this order."""

    VERDICT = "Are we OK?"
    LEVEL = "How good is it?"
    VOLUME = "How much is there?"
    CAUSES = "What is it?"
    ALERTS = "What fired?"
    ABOUT = "About"


class Measure(StrEnum):
    """What a value is, for its unit and its decimals."""

    RATIO = "ratio"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    COUNT = "count"
    PER_SECOND = "per second"
    BURN_RATE = "burn rate"
    TIMESTAMP = "timestamp"
    USD = "usd"
    BYTES = "bytes"
    NUMBER = "number"
    STATE = "state"


class State(StrEnum):
    """How bad a value is; the target picks the colours."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Threshold:
    """From this value on (None: from the bottom), the state."""

    at: float | None
    state: State


@dataclass(frozen=True, slots=True)
class Meaning:
    """Values that are shown as words: from `least` to `most` (None: without bound), or one value where both agree."""

    text: str
    state: State
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query of a panel. Group labels are matched as `agent=~"$agent"`.

    `key` is unique within the panel. `reference`: a line to compare with (an objective, a limit), no data of its own.
    """

    key: str
    expr: str
    legend: str = ""
    instant: bool = False
    exemplars: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: the label or the key of the query it shows, its head, and how its values look.

    `board`: the column whose value is the uid of the dashboard that the cell opens. `runbook`: the cell is an alert's
    name and opens its page. `bar`: drawn as a bar from 0 to 1. Tables show their columns in this order,
    and none that is not listed; rows of all queries are joined by the labels that they share.
    """

    of: str
    head: str
    measure: Measure = Measure.NUMBER
    thresholds: tuple[Threshold, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    width: int = 0
    bar: bool = False
    board: str = ""
    runbook: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `key` is unique within its `boards` and never changes with titles or order.

    Panels of one key on one board must be equal, and are one: each unit may bring what all of its kind share.
    `runbook` is the alert whose page explains the panel; `alerts` are those whose pages a text lists.
    `traces`: what is shown are requests, to be found in the trace store. `board`: key of the dashboard that says more.
    `width` of 24 columns, `height` in grid rows of 30 px. `sort`: key of the query by whose values a table is sorted.
    """

    key: str
    title: str
    about: str
    form: Form
    row: Row
    boards: tuple[str, ...]
    queries: tuple[Query, ...] = ()
    measure: Measure = Measure.NUMBER
    thresholds: tuple[Threshold, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    columns: tuple[Column, ...] = ()
    sort: str = ""
    empty: str = "no data"
    runbook: str = ""
    alerts: tuple[str, ...] = ()
    board: str = ""
    text: str = ""
    traces: bool = False
    width: int = 6
    height: int = 5
    stacked: bool = False
    logarithmic: bool = False
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A template variable: the values of a label among the series of a selector, with "All".

    "All" keeps series without the label too, but for a `bounded` one: there it means the listed values.
    """

    label: str
    selector: str
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: its panels are those that name its key.

    Boards of one key must be equal but for their variables, and are one, with the variables of all. `alerts`: matchers
    that choose, among the service's alerts, those that the board annotates.
    """

    key: str
    title: str
    about: str
    section: str = ""
    alerts: str = ""
    variables: tuple[Variable, ...] = ()
