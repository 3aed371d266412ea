"""Queries on the input metrics for people: what an SLI kind shows on a runbook page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.model import Check, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.slis.base import Input
    from watchbill.promql import Matcher, Selector


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page looks at: the group the alert fired for, causes to tell apart, how far back, and the objective."""

    group: tuple[Matcher, ...]
    causes: tuple[str, ...] | None
    over: str
    service: str
    tile: int
    objective: float

    def on(self, selector: Selector) -> Selector:
        """Return the selector, for the group only."""
        return selector.where(self.group)


def by_cause(labels: Iterable[str], counter: str, expect: str) -> Check:
    """Return the check that tells causes apart."""
    names = ", ".join(labels)
    return Check("causes", f"What is it? By {names}", f"sort_desc(sum by ({names}) (\n  {counter}\n) > 0)", expect)


def there(inputs: tuple[Input, ...], sight: Sight) -> Iterator[Check]:
    """Yield a check per input metric: its series are there."""
    for i, (metric, selector) in enumerate({one.selector.metric: one.selector for one in reversed(inputs)}.items()):
        yield Check(
            f"input-{i}" if i else "input",
            f"Is {metric} there?",
            f"count({sight.on(selector)})",
            "the number of series; no result means the metric is gone, and the numbers above are blind",
            Use.TRUST,
            always=True,
        )


def targets_up(up: Selector) -> Check:
    """Return the check that the targets behind counters are scraped."""
    return Check(
        "targets",
        "Are its targets scraped?",
        f"sum by (job) ({up}) / count by (job) ({up})",
        "1: all of them. Below 1 some are down; what they count is missing from the numbers",
        Use.TRUST,
    )
