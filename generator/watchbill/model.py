"""The neutral Plan: what kinds lower themselves to and targets render. Frozen, without behaviour beyond lookups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """One recorded series family. `about` says in a few words what it holds."""

    record: str
    expr: str
    labels: Labels = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule. `pending` and `keep_firing` in ms. `family` names the kind of trouble, for knowledge pages."""

    name: str
    expr: str
    labels: Labels
    annotations: Labels
    pending: int = 0
    keep_firing: int = 0
    family: str = ""


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules of one derivation level, evaluated every `interval` ms."""

    name: str
    interval: int
    rules: tuple[RecordingRule | Alert, ...]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file of the bundle; `path` is relative to the rules folder.

    `reads_inputs`: the file turns input metrics into tiles. Scenarios that start at recorded series leave it out.
    """

    path: str
    groups: tuple[RuleGroup, ...]
    reads_inputs: bool = False

    def alerts(self) -> Iterator[Alert]:
        """Yield the alerts of the file in order."""
        for group in self.groups:
            for rule in group.rules:
                if isinstance(rule, Alert):
                    yield rule

    def records(self) -> Iterator[RecordingRule]:
        """Yield the recording rules of the file in order."""
        for group in self.groups:
            for rule in group.rules:
                if isinstance(rule, RecordingRule):
                    yield rule


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


@dataclass(frozen=True, slots=True)
class Unit:
    """What one spec item came to: its rule files, its backfill file and the scenarios that prove it.

    `prove` makes the scenarios when they are asked for: a thousand objectives' histories at once would fill memory.
    A backfill of the second pass reads what the first one wrote.
    """

    name: str
    files: tuple[RuleFile, ...]
    prove: Callable[[], Iterable[Scenario]]
    backfill: RuleFile | None = None
    backfill_pass: int = 1

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, made anew."""
        return tuple(self.prove())


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the targets need. `units` in the order of the spec."""

    service: str
    owner: str
    target: tuple[int, int]
    units: tuple[Unit, ...] = field(default=())

    def alerts(self) -> Iterator[Alert]:
        """Yield every alert of the plan."""
        for unit in self.units:
            for file in unit.files:
                yield from file.alerts()
