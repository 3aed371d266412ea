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
    from watchbill.kinds.slis.base import GroupLabel
    from watchbill.model import Note, Plan
    from watchbill.promql import Selector
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

    def read(self, role: str) -> tuple[PathKey, ...]:
        """Return the path of the selector of an input."""
        return self.at("sli", "quantile", "of") if role == "quantile" else self.at("sli", role)


@dataclass(frozen=True, slots=True)
class Read:
    """A metric that is read, and where the spec says so. `type` is counter, gauge or histogram."""

    path: tuple[PathKey, ...]
    selector: Selector
    type: str


@dataclass(frozen=True, slots=True)
class Named:
    """What the checks that hold for everything in the spec look at: an SLO, or an item of another section."""

    path: tuple[PathKey, ...]
    name: str
    route: str | None
    runbook: str | None
    kept: tuple[GroupLabel, ...]
    group_names: tuple[str, ...]
    by: tuple[PathKey, ...]
    reads: tuple[Read, ...]
    """What is read, allow-lists among the matchers; two series of one histogram are two reads of one place."""

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
            Named(
                o.path,
                o.slo.name,
                o.slo.route,
                o.slo.runbook,
                o.slo.sli.by,
                o.slo.sli.group_names,
                o.at("sli", "by"),
                tuple(Read(o.read(i.role), o.slo.sli.narrowed(i.selector), i.type) for i in o.slo.sli.inputs()),
            )
            for o in self.items
        )
        rest = (
            Named(
                path,
                item.name,
                item.route,
                item.runbook,
                item.kept,
                item.group_names,
                (*path, "by"),
                tuple(Read((*path, *item.place(i.role)), i.selector, i.type) for i in item.inputs()),
            )
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
