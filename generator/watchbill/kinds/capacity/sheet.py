"""Runbook pages of capacity items: the checks that all share, and how they read the item's series for one group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from watchbill.kinds.objectives.pages.shared import rules_healthy
from watchbill.model import Check, Content, Page, Use
from watchbill.promql import Matcher, Op, quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill.kinds.capacity.base import Bench
    from watchbill.model import Fact
    from watchbill.promql import Selector

SCOPE_LABELS = ("job", "namespace", "cluster", "region", "environment", "env")
WHAT_LABELS = ("queue", "pool", "store", "table", "schedule")
"""Labels of the input metrics that say which one is meant; `up` has none of them."""


@dataclass(frozen=True)
class Sheet:
    """One alert's page. `labels` are those that the firing alert carries a value of."""

    bench: Bench
    alert: str
    labels: tuple[str, ...]

    @property
    def group(self) -> tuple[Matcher, ...]:
        """Matchers on the group the alert fired for."""
        names = self.bench.item.group_names
        return tuple(Matcher(name, Op.EQ, f"${name}") for name in self.labels if name in names)

    def ref(self, record: str) -> str:
        """Return a recorded series of the item, for the group."""
        return self.bench.ref(record, ",".join(str(m) for m in self.group))

    def slow(self, record: str) -> str:
        """Return a read of a series that is recorded slowly."""
        own = self.bench.slow(record)
        return own.replace(self.bench.ref(record), self.ref(record))

    def on(self, selector: Selector) -> Selector:
        """Return an input, for the group."""
        return selector.where(self.group)

    def state(self) -> str:
        """Return the series that says since when the alert has been active."""
        more = "".join(f",{name}={quote(f'${name}')}" for name in self.labels)
        return f"ALERTS_FOR_STATE{{alertname={quote(self.alert)},{self.bench.matchers[1:-1]}{more}}}"

    def content(
        self,
        brief: str,
        hurts: str,
        facts: tuple[Fact, ...],
        checks: tuple[Check, ...],
        scope_labels: tuple[str, ...] = (*SCOPE_LABELS, *WHAT_LABELS),
    ) -> Content:
        """Return the content, with the checks that every page has around those of the alert."""
        item = self.bench.item
        inputs = item.inputs()
        mine = (m for m in inputs[0].selector.on(scope_labels) if m.name not in self.labels) if inputs else ()
        scope = ",".join(str(m) for m in mine)
        since = Check(
            "since",
            "Since when?",
            f"time() - {self.state()}",
            "seconds since the alert's condition first held; no result: it does not hold any more",
        )
        gone = Check("gone", "Is the alert over?", self.state(), "no result: it has cleared", Use.RECOVERY)
        return Content(
            brief=brief,
            hurts=hurts,
            metrics=tuple(dict.fromkeys(i.selector.metric for i in inputs)),
            facts=facts,
            checks=(since, *checks, rules_healthy(self.bench.setting.service, item.name), gone),
            values=(("scope", scope),) if scope else (),
        )


def page(bench: Bench, what: str, make: Callable[[Sheet], Content], *, labels: tuple[str, ...] | None = None) -> Page:
    """Return the page of the item's alert `what`; `make` computes it when it is asked for."""
    carried = bench.item.group_names if labels is None else labels
    sheet = Sheet(bench, bench.alert_name(what), carried)
    return Page(bench.item.shown, bench.item.runbook or "", carried, make=partial(make, sheet))


def missing_page(bench: Bench, *, grouped: bool) -> Page:
    """Return the page of a lost signal."""
    labels = (*(bench.item.group_names if grouped else ()), "signal")
    return page(bench, "SignalMissing", _missing, labels=labels)


def _missing(sheet: Sheet) -> Content:
    checks = []
    for i, (metric, selector) in enumerate({x.selector.metric: x.selector for x in sheet.bench.item.inputs()}.items()):
        checks.append(
            Check(
                f"input-{i}" if i else "input",
                f"Is {metric} there?",
                f"count({sheet.on(selector)})",
                "the number of series; no result: the metric is gone",
            )
        )
    return sheet.content(
        "no data: its alerts are blind",
        f'Nobody knows how things are, "{sheet.bench.item.shown}": what is named by the alert is not seen any more.',
        (),
        tuple(checks),
        SCOPE_LABELS,
    )
