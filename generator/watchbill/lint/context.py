"""What checks look at: the document, and each SLO with its path and resolved facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from watchbill.plan import build, resolve, setting

if TYPE_CHECKING:
    from watchbill.diagnostics import PathKey
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.setting import Setting
    from watchbill.model import Note, Plan
    from watchbill.spec import Document
    from watchbill.spec.slo import Slo


@dataclass(frozen=True, slots=True)
class Item:
    """One SLO of the spec."""

    path: tuple[PathKey, ...]
    slo: Slo
    facts: Facts

    def at(self, *more: PathKey) -> tuple[PathKey, ...]:
        """Return the path of a part of the SLO."""
        return (*self.path, *more)


@dataclass(frozen=True, slots=True)
class Named:
    """What the checks that hold for everything in the spec look at: an SLO, or an item of another section."""

    path: tuple[PathKey, ...]
    name: str
    route: str | None
    runbook: str | None
    group_names: tuple[str, ...]
    by: tuple[PathKey, ...]

    def at(self, *more: PathKey) -> tuple[PathKey, ...]:
        """Return the path of a part of it."""
        return (*self.path, *more)


class Context:
    """The document under lint, and the notes of its knowledge folder."""

    def __init__(self, document: Document, notes: tuple[Note, ...] = ()) -> None:
        self.document = document
        self.notes = notes

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every SLO."""
        return tuple(Item(("slos", i), slo, resolve(self.document, slo)) for i, slo in enumerate(self.document.slos))

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Everything that has a name: objectives first, then the items of other sections."""
        slos = (
            Named(o.path, o.slo.name, o.slo.route, o.slo.runbook, o.slo.sli.group_names, o.at("sli", "by"))
            for o in self.items
        )
        rest = (
            Named(path, item.name, item.route, item.runbook, item.group_names, (*path, "by"))
            for path, item in self.document.items
        )
        return (*slos, *rest)

    @cached_property
    def setting(self) -> Setting:
        """What kinds need to know of the service."""
        return setting(self.document)

    @cached_property
    def plan(self) -> Plan:
        """What the document comes to: only for checks that look at alerts."""
        return build(self.document, self.notes)
