"""Limits: each is an alert that pages nobody, which a harness acts upon, and the action it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import HARNESS_LIMIT
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.kinds.budgets import pages, texts
from watchbill.kinds.budgets.alerts import KEEP_FIRING, burning, tier_labels
from watchbill.model import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.kinds.budgets.limits import Condition, LimitSpec
    from watchbill.model import Alert

RECORDS = {"pace": names.PACE, "spent": names.SPENT, "forecast": names.FORECAST}


def limit_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield the alerts. What is spent only falls with a new period; the rest may flicker, and is held a while."""
    for limit, tier in ledger.limits:
        when = limit.when
        actions = ", ".join(f"{name}: {str(value).lower()}" for name, value in limit.actions)
        yield ledger.alert(
            names.limit_alert(ledger.item.name, when.key),
            "\nand\n".join(burning(ledger, tier)) if tier else _compared(ledger, when),
            "info",
            f"{texts.head(ledger, ledger.pot_names)}: {when.text}, at {{{{ $value | humanizePercentage }}}}",
            f"Harnesses act on this alert: {actions}. It ends when the condition does.",
            family="harness-limit",
            page=pages.limit(ledger, limit),
            keep_firing=0 if when.quantity == "spent" else KEEP_FIRING,
            labels=((HARNESS_LIMIT, names.limit_id(ledger.item.name, when.key)), *(tier_labels(tier) if tier else ())),
        )


def _compared(ledger: Ledger, when: Condition) -> str:
    return f"{ledger.slow(RECORDS[when.quantity])} {when.operator} {literal(when.share)}"


def limits(ledger: Ledger) -> tuple[Limit, ...]:
    """Return what harnesses do."""
    return tuple(_limit(ledger, limit) for limit, _ in ledger.limits)


def _limit(ledger: Ledger, limit: LimitSpec) -> Limit:
    item, key = ledger.item, limit.when.key
    return Limit(
        id=names.limit_id(item.name, key),
        alert=names.limit_alert(item.name, key),
        label=item.label,
        name=item.name,
        when=limit.when.text,
        group_labels=ledger.pot_names,
        actions=limit.actions,
    )
