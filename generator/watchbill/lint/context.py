"""What checks look at: the document, and each SLO with its path and resolved facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from watchbill.plan import build, resolve

if TYPE_CHECKING:
    from watchbill.diagnostics import PathKey
    from watchbill.kinds.objectives.facts import Facts
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
    def plan(self) -> Plan:
        """What the document comes to: only for checks that look at alerts."""
        return build(self.document, self.notes)
