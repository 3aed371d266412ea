"""Which of a budget's alerts keep which others quiet: what is told is the worst of it, once."""

from __future__ import annotations

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
    item, levels = ledger.item, ledger.item.alerts
    mark, own = ledger.setting.mark, LabelMatcher(item.label, "=", item.name)
    equal = (conventions.SERVICE, item.label, *ledger.pot_names)
    burns = [] if levels.burn == "off" else [(t.severity, names.burn_alert(item.name, t.name)) for t in ledger.tiers]
    told = (
        (levels.exhausted, names.EXHAUSTED),
        (levels.exhaustion, names.EXHAUSTION_SOON),
        (levels.forecast, names.FORECAST_EXCEEDS),
    )
    whole = [(level, names.alert(item.name, what)) for level, what in told if level != "off"]
    for ladder in (burns, whole):
        for n, (above, worse) in enumerate(ladder):
            less = [name for below, name in ladder[n + 1 :] if above == "page" or below == "ticket"]
            if less:
                source = LabelMatcher("alertname", "=", worse)
                target = LabelMatcher("alertname", "=~" if len(less) > 1 else "=", "|".join(less))
                yield Inhibition((mark, source, own), (mark, target, own), equal, f"{worse} over {' and '.join(less)}")
