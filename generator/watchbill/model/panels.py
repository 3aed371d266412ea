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
    ALERTS = "alerts"


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
    COUNT = "count"
    PER_SECOND = "per second"
    BURN_RATE = "burn rate"
    TIMESTAMP = "timestamp"
    USD = "usd"
    BYTES = "bytes"
    NUMBER = "number"


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
class Query:
    """One PromQL query of a panel. Group labels are matched as `agent=~"$agent"`."""

    key: str
    expr: str
    legend: str = ""
    instant: bool = False
    exemplars: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `key` is unique within its `boards` and never changes with titles or order.

    Panels of one key on one board must be equal, and are one: each unit may bring what all of its kind share.
    `runbook` is the alert whose page explains the panel. `width` of 24 columns, `height` in grid rows of 30 px.
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
    empty: str = "no data"
    runbook: str = ""
    text: str = ""
    width: int = 6
    height: int = 5
    stacked: bool = False
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A template variable: the values of a label among the series of a selector, with "All"."""

    label: str
    selector: str


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: its panels are those that name its key. Boards of one key must be equal, and are one."""

    key: str
    title: str
    about: str
    section: str = ""
    variables: tuple[Variable, ...] = ()
