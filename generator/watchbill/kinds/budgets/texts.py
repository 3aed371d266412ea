"""Words of a budget's alerts and pages: what is allowed, in which period, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.durations import format_duration
from watchbill.gotext import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.kinds.budgets.ledger import Ledger


def allowance(ledger: Ledger) -> str:
    """Return the allowance as the spec words it: `42000 usd`, `500 usd each`, `30000 usd for support, ...`."""
    found = ledger.allowances
    if len(found) == 1 and not found[0][0]:
        return found[0][1].text + ("" if ledger.shared else f" for each {' and '.join(ledger.pot_names)}")
    return ", ".join(f"{amount.text} for {group[0][1]}" for group, amount in found)


def period(ledger: Ledger) -> str:
    """Return `month`, or `30d`: what goes with "a" and "the"."""
    return ledger.period.text


def per(ledger: Ledger) -> str:
    """Return `a month`, `in any 30d`."""
    return f"a {ledger.period.text}" if ledger.period.is_calendar else f"in any {ledger.period.text}"


def carried(ledger: Ledger) -> str:
    """Return what a forecast takes the rest of the period to cost."""
    over = format_duration(ledger.mean_window)
    return {
        "month": f"the mean of the last {over} is carried on to the end",
        "week": "the rest costs what it cost a week ago",
        "day": "the rest costs what these hours cost a week ago",
        "rolling": f"the mean of the last {over} fills the window",
    }[ledger.kind_of_period]


def head(ledger: Ledger, groups: Iterable[str]) -> str:
    """Return the beginning of a summary: the title, and the group it fires for, as a template."""
    named = ", ".join(f"{name} {{{{ $labels.{name} }}}}" for name in groups)
    return f"{escaped(ledger.item.shown)} ({named})" if named else escaped(ledger.item.shown)
