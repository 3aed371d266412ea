"""Document -> Plan: defaults resolved, every item lowered, every alert dressed with its links; deterministic."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from watchbill.kinds.objectives import feeding, health, inhibitions, panels, watch
from watchbill.kinds.objectives.lower import backfill_file, rule_files
from watchbill.kinds.objectives.scenarios import scenarios
from watchbill.kinds.slis import Composite
from watchbill.model import Links, Plan, Targets, Unit
from watchbill.plan.dressed import dressed
from watchbill.plan.resolve import resolve, setting, severities, timing
from watchbill.plan.routing import routing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.item import Item
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.setting import Setting
    from watchbill.model import Note
    from watchbill.spec import Document

__all__ = ["build", "resolve", "setting", "severities", "timing"]


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
    listed = tuple(resolve(document, slo) for slo in document.slos)
    for facts in listed:
        yield _objective(facts, backfill_pass=2 if isinstance(facts.sli, Composite) else 1)
    where = setting(document)
    items = tuple(item for _, item in document.items)
    for item in items:
        yield item.unit(where)
    if listed or items:
        yield from _own(document, where, listed, items)


def _own(document: Document, where: Setting, listed: tuple[Facts, ...], items: tuple[Item, ...]) -> Iterator[Unit]:
    """Yield what watches the bundle itself and what feeds it, and which alerts keep which quiet."""
    feeds = (*feeding.fed(listed), *(item.fed(where) for item in items))
    jobs = feeding.jobs(feeds, document.routing.without_up)
    ups = (*(t for facts in listed for t in facts.sli.targets()), *(t for item in items for t in item.targets()))
    hush = partial(inhibitions.inhibitions, where, listed, feeds, jobs)
    yield replace(health.health_unit(where, tuple(dict.fromkeys(ups))), hush=hush)
    unit = watch.watch_unit(where, jobs, watchdog="watchdog" in document.routing.receivers)
    if unit is not None:
        yield unit


def _objective(facts: Facts, backfill_pass: int) -> Unit:
    return Unit(
        facts.name,
        rule_files(facts),
        partial(scenarios, facts),
        backfill_file(facts),
        backfill_pass,
        show=partial(panels.display, facts),
    )
