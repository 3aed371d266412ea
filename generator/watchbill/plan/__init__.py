"""Document -> Plan: defaults resolved, every SLO lowered, every alert dressed with its links; deterministic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill.kinds.objectives import health, inhibitions, panels
from watchbill.kinds.objectives.lower import backfill_file, rule_files
from watchbill.kinds.objectives.scenarios import scenarios
from watchbill.kinds.slis import Composite
from watchbill.model import Links, Plan, Targets, Unit
from watchbill.plan.dressed import dressed
from watchbill.plan.resolve import resolve, severities, timing
from watchbill.plan.routing import routing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Note
    from watchbill.spec import Document

__all__ = ["build", "resolve", "severities", "timing"]


def build(document: Document, notes: tuple[Note, ...] = ()) -> Plan:
    """Return the Plan of a checked document and the notes of its knowledge folder."""
    links = Links(**document.links.model_dump(exclude={"traces"}), **document.links.trace_store())
    return Plan(
        service=document.service,
        owner=document.owner,
        targets=Targets(**dict(document.targets)),
        units=tuple(dressed(unit, document.service, links) for unit in _units(document)),
        labels=tuple(sorted(document.labels.items())),
        links=links,
        routing=routing(document),
        notes=notes,
        deploys=str(document.dashboards.deploys or ""),
    )


def _units(document: Document) -> Iterator[Unit]:
    for slo in document.slos:
        facts = resolve(document, slo)
        yield _objective(facts, backfill_pass=2 if isinstance(slo.sli, Composite) else 1)
    if document.slos:
        targets = tuple(dict.fromkeys(t for slo in document.slos for t in slo.sli.targets()))
        yield health.health_unit(document.service, timing(document), document.labels, severities(document), targets)


def _objective(facts: Facts, backfill_pass: int) -> Unit:
    return Unit(
        facts.name,
        rule_files(facts),
        partial(scenarios, facts),
        backfill_file(facts),
        backfill_pass,
        boards=panels.boards(facts),
        panels=panels.panels(facts),
        inhibitions=inhibitions.inhibitions(facts),
    )
