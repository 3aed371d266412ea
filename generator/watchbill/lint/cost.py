"""What the rules will cost, predicted."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import format_duration
from watchbill.kinds.slis.base import CounterSli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context, Item

TOO_MANY_SAMPLES = Code(
    "WB240",
    "Rule that reads too many samples",
    "A rule that reads more than `limits.samples_per_evaluation` slows its group; skipped evaluations lose events.",
    "Shorten `prometheus.bridge` or the window, or raise the limit if the server can take it.",
    Severity.WARNING,
)
CODES = (TOO_MANY_SAMPLES,)


def predicted_samples(context: Context, item: Item) -> tuple[int, str]:
    """Return the samples that the costliest rule reads per evaluation, and which rule that is.

    Tiles read `bridge / scrape interval` samples of every raw series; the budget reads one sample per slow tile and
    group. Series behind a selector are assumed, `limits.series_per_selector`; groups are the allow-lists' product.
    """
    document, facts = context.document, item.facts
    groups = prod((max(1, len(g.values)) for g in item.slo.sli.by), start=1)
    over = facts.period.longest or facts.period.length
    budget = over // facts.timing.slow * groups
    if not isinstance(item.slo.sli, CounterSli):
        return budget, f"the budget over {format_duration(over)}"
    bridge = document.prometheus.bridge
    reach = (bridge + 2 * facts.timing.tile) // document.prometheus.scrape_interval
    tiles = document.limits.series_per_selector * reach
    return max(
        (tiles, f"the tiles, {format_duration(bridge)} back"), (budget, f"the budget over {format_duration(over)}")
    )


def samples(context: Context) -> Iterator[Problem]:
    """No rule reads more than the limit."""
    for item in context.items:
        count, which = predicted_samples(context, item)
        if count > context.document.limits.samples_per_evaluation:
            text = f"{which} would read about {count:,} samples per evaluation"
            yield Problem(item.at("name"), TOO_MANY_SAMPLES, text)


CHECKS = (samples,)
