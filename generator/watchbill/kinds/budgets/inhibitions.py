"""Which of a budget's alerts keep which others quiet: what is told is the worst of it, once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import budgets as names
from watchbill.model import Inhibition, LabelMatcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger


def inhibitions(ledger: Ledger) -> Iterator[Inhibition]:
    """Yield what is worse over what is less, of one allowance.

    Neither limits nor doubts about the numbers are among them: harnesses act on the former whatever else fires, and
    the latter may be why a page is wrong.
    """
    item = ledger.item
    ladder = [(tier.severity, names.burn_alert(item.name, tier.name)) for tier in ledger.tiers]
    ladder = [] if item.alerts.burn == "off" else ladder
    levels = item.alerts
    for level, what in (
        (levels.exhausted, names.EXHAUSTED),
        (levels.exhaustion, names.EXHAUSTION_SOON),
        (levels.forecast, names.FORECAST_EXCEEDS),
    ):
        if level != "off":
            ladder.append((level, names.alert(item.name, what)))
    mark, own = ledger.setting.mark, LabelMatcher(item.label, "=", item.name)
    equal = (conventions.SERVICE, item.label, *ledger.pot_names)
    for (above, worse), (below, less) in pairwise(ladder):
        if above == "ticket" and below == "page":
            continue
        source, target = LabelMatcher("alertname", "=", worse), LabelMatcher("alertname", "=", less)
        yield Inhibition((mark, source, own), (mark, target, own), equal, f"{worse} over {less}")
