"""Names that clash, and references that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.diagnostics import Code, Problem, Severity, did_you_mean
from watchbill.kinds.objectives import health, watch
from watchbill.kinds.slis import Composite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context

DUPLICATE_NAME = Code(
    "WB200",
    "Name used twice",
    "Two things of one name would overwrite each other's files and alerts, whichever sections they stand in.",
    "Rename one of them. Alert names are built without hyphens, so names that differ by hyphens only clash too.",
)
UNKNOWN_COMPONENT = Code(
    "WB201",
    "Composite of an objective that cannot be used",
    "A composite adds up the tiles of other objectives of the spec; one level, so that nothing is counted twice.",
    "Name plain objectives of this spec, each once.",
)
COMPONENT_LABELS = Code(
    "WB202",
    "Composite kept by a label its component lacks",
    "Tiles carry the labels of `by`; a component without the label has no value to be kept by.",
    "Add the label to the component's `by`, or drop it here.",
)
LABEL_CLASH = Code(
    "WB203",
    "Label used for two things",
    "A label set on every rule would overwrite the group label of the same name: groups would collide.",
    "Rename the label under `labels:`, or drop it from `by:`.",
)
EMPTY = Code(
    "WB204",
    "Nothing to generate",
    "The spec has no objectives, and no section with anything else.",
    "Add an objective under `slos:`; `watchbill init` writes one.",
    Severity.WARNING,
)
CODES = (DUPLICATE_NAME, UNKNOWN_COMPONENT, COMPONENT_LABELS, LABEL_CLASH, EMPTY)


def unique(context: Context) -> Iterator[Problem]:
    """Names are unique, also as alert names."""
    seen: dict[str, str] = {conventions.camel(unit).lower(): unit for unit in (health.UNIT, watch.UNIT)}
    for named in context.named:
        key = conventions.camel(named.name).lower()
        if key in seen:
            yield Problem(named.at("name"), DUPLICATE_NAME, f"'{named.name}' clashes with '{seen[key]}'")
        seen.setdefault(key, named.name)
    for item in context.items:
        names: set[str] = set()
        for k, tier in enumerate(item.slo.alerting.tiers or ()):
            if tier.name in names:
                yield Problem(
                    item.at("alerting", "tiers", k, "name"), DUPLICATE_NAME, f"tier '{tier.name}' is given twice"
                )
            names.add(tier.name)


def components(context: Context) -> Iterator[Problem]:
    """Composites name plain objectives, each once, that have the labels it is kept by."""
    by_name = {slo.name: slo for slo in context.document.slos}
    for item in context.items:
        sli = item.slo.sli
        if not isinstance(sli, Composite):
            continue
        for k, component in enumerate(sli.of):
            path = item.at("sli", "of", k, "slo")
            other = by_name.get(component.slo)
            if other is None:
                hint = did_you_mean(component.slo, by_name.keys() - {item.slo.name})
                yield Problem(path, UNKNOWN_COMPONENT, f"there is no objective '{component.slo}'", hint)
            elif isinstance(other.sli, Composite):
                yield Problem(path, UNKNOWN_COMPONENT, f"'{component.slo}' is itself a composite")
            elif component.slo in {c.slo for c in sli.of[:k]}:
                yield Problem(path, UNKNOWN_COMPONENT, f"'{component.slo}' is named twice")
            else:
                lacking = ", ".join(sorted(set(sli.group_names) - set(other.sli.group_names)))
                if lacking:
                    yield Problem(path, COMPONENT_LABELS, f"'{component.slo}' is not kept by {lacking}")


def labels(context: Context) -> Iterator[Problem]:
    """Labels on every rule are no group labels."""
    for named in context.named:
        for name in named.group_names:
            if name in context.document.labels:
                yield Problem(named.by, LABEL_CLASH, f"'{name}' is also set on every rule by `labels:`")


def empty(context: Context) -> Iterator[Problem]:
    """There is something to watch."""
    if not context.named:
        yield Problem(("slos",), EMPTY, "the spec has nothing to watch")


CHECKS = (unique, components, labels, empty)
