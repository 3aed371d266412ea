"""Policies that the chosen kind, weighting or target version cannot keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import gates
from watchbill.diagnostics import Code, Problem
from watchbill.kinds.slis.base import CounterSli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context

NO_TRAFFIC = Code(
    "WB210",
    "Traffic policy without effect",
    "With weighting by events, time without events has no weight: there is nothing to count as good or bad.",
    "Use `weighting: time`, or leave `on_no_traffic` out.",
)
NO_DATA = Code(
    "WB211",
    "Lost data cannot count as bad here",
    "Only time can be bad without data; and without data nobody knows which groups there should be.",
    "Use `on_no_data: page`; or `weighting: time` (or a kind that looks at time) and no `by`.",
)
TOO_NEW = Code(
    "WB212",
    "Needs a newer Prometheus",
    "The bundle must load on the oldest version that `targets:` names.",
    "Raise `targets.prometheus`, or use a kind that works there.",
)
NEW_SERIES = Code(
    "WB213",
    "Liveness without effect",
    "`liveness` and `process_start` tell new label sets of a living target from a target that came back.",
    "Drop them, or use `new_series: count`.",
)
CODES = (NO_TRAFFIC, NO_DATA, TOO_NEW, NEW_SERIES)


def no_traffic(context: Context) -> Iterator[Problem]:
    """`on_no_traffic` needs time weighting."""
    for item in context.items:
        if item.slo.on_no_traffic != "ignore" and item.slo.weighting == "events":
            yield Problem(item.at("on_no_traffic"), NO_TRAFFIC, "time without events has no weight here")


def no_data(context: Context) -> Iterator[Problem]:
    """`on_no_data: bad` needs time as its measure, and a known label set."""
    for item in context.items:
        if item.slo.on_no_data != "bad":
            continue
        if item.slo.sli.by:
            yield Problem(item.at("on_no_data"), NO_DATA, "without data nobody knows which groups are lost")
        elif not item.slo.sli.samples_slots and item.slo.weighting == "events":
            yield Problem(item.at("on_no_data"), NO_DATA, "a lost signal has no number of events")


def versions(context: Context) -> Iterator[Problem]:
    """Kinds keep to the target version."""
    target = context.document.targets.prometheus
    for item in context.items:
        for feature in item.slo.sli.needs:
            if not gates.supported(feature, target):
                need, have = gates.shown(gates.FEATURES[feature]), gates.shown(target)
                text = f"'{item.slo.sli.kind}' needs Prometheus {need}; the target is {have}"
                yield Problem(item.at("sli", "kind"), TOO_NEW, text)


def liveness(context: Context) -> Iterator[Problem]:
    """Counters without `up` have no liveness."""
    for item in context.items:
        sli = item.slo.sli
        if isinstance(sli, CounterSli) and sli.new_series == "ignore":
            for name in ("liveness", "process_start"):
                if getattr(sli, name) is not None:
                    yield Problem(item.at("sli", name), NEW_SERIES, f"'{name}' has no effect with new_series: ignore")


CHECKS = (no_traffic, no_data, versions, liveness)
