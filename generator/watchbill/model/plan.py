"""The neutral Plan: what kinds lower themselves to and targets render. Frozen, without behaviour beyond lookups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from watchbill.model.routing import Inhibition, Routing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from watchbill.model.limits import Limit
    from watchbill.model.pages import Note
    from watchbill.model.panels import Board, Panel
    from watchbill.model.rules import Alert, Labels, RuleFile
    from watchbill.model.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Display:
    """What a unit shows: boards, and panels on these and on others' boards."""

    boards: tuple[Board, ...] = ()
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """What one spec item came to: rules, backfill, the scenarios that prove it, what it shows and what it keeps quiet.

    `prove`, `show` and `hush` make theirs when asked: a thousand objectives' histories at once would fill memory, and
    whoever wants rules only should not wait for panels. A backfill of the second pass reads what the first one wrote.
    """

    name: str
    files: tuple[RuleFile, ...]
    prove: Callable[[], Iterable[Scenario]]
    backfill: RuleFile | None = None
    backfill_pass: int = 1
    show: Callable[[], Display] = Display
    hush: Callable[[], Iterable[Inhibition]] = tuple
    limits: tuple[Limit, ...] = ()

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, made anew."""
        return tuple(self.prove())

    def alerts(self) -> Iterator[Alert]:
        """Yield the unit's alerts."""
        for file in self.files:
            yield from file.alerts()


@dataclass(frozen=True, slots=True)
class Links:
    """Where things are served, without a trailing slash; empty where nobody said."""

    grafana: str = ""
    runbooks: str = ""
    alertmanager: str = ""
    prometheus: str = ""
    traces: str = ""
    traces_kind: str = ""
    traces_datasource: str = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """The oldest versions the bundle has to work on."""

    prometheus: tuple[int, int] = (2, 42)
    alertmanager: tuple[int, int] = (0, 25)
    grafana: tuple[int, int] = (10, 0)


NO_LINKS, FLOORS, NO_ROUTING = Links(), Targets(), Routing()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the targets need. `units` in the order of the spec; `deploys` selects deployments to annotate."""

    service: str
    owner: str
    targets: Targets = FLOORS
    units: tuple[Unit, ...] = field(default=())
    labels: Labels = ()
    links: Links = NO_LINKS
    routing: Routing = NO_ROUTING
    notes: tuple[Note, ...] = ()
    deploys: str = ""

    def alerts(self) -> Iterator[Alert]:
        """Yield every alert of the plan."""
        for unit in self.units:
            yield from unit.alerts()

    @property
    def boards(self) -> tuple[Board, ...]:
        """Every board once, in the order met, with the variables of all that bring it."""
        found: dict[str, Board] = {}
        for board in (b for unit in self.units for b in unit.show().boards):
            known = found.setdefault(board.key, board)
            if known is not board and known != board:
                named = {v.label: v for v in (*board.variables, *known.variables)}
                order = dict.fromkeys(v.label for v in (*known.variables, *board.variables))
                found[board.key] = replace(known, variables=tuple(named[label] for label in order))
        return tuple(found.values())

    def panels(self) -> Mapping[str, tuple[Panel, ...]]:
        """Return the panels by board, each once, in the order met."""
        found: dict[str, dict[Panel, None]] = {}
        for panel in (p for unit in self.units for p in unit.show().panels):
            for board in panel.boards:
                found.setdefault(board, {})[panel] = None
        return {board: tuple(panels) for board, panels in found.items()}

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit, in the order met."""
        return tuple(limit for unit in self.units for limit in unit.limits)

    @property
    def inhibitions(self) -> tuple[Inhibition, ...]:
        """Every inhibition once, in the order met."""
        return tuple(dict.fromkeys(i for unit in self.units for i in unit.hush()))
