"""Whether the numbers can be trusted: prices, the counter itself, and what a second source says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration
from watchbill.kinds.budgets import pages, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.model import Alert

ABSENT_FOR = 5 * MINUTE
PENDING = 10 * MINUTE
TABLE_READ = 15 * MINUTE
DRIFT_PENDING = HOUR
MOST_RESETS = 3
"""In an hour. A process that restarts every quarter of an hour has an alert of its own."""


def price_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield what makes costs too low: tokens without a price, and prices that are old."""
    item, head = ledger.item, texts.head(ledger, ())
    if item.unpriced is not None and item.alerts.unpriced != "off":
        yield ledger.alert(
            names.alert(item.name, names.UNPRICED_TOKENS),
            f"{ledger.window(names.UNPRICED, HOUR)} > 0",
            item.alerts.unpriced,
            f"{head}: {{{{ $value | humanize }}}} tokens without a price in an hour",
            "Their cost is missing from all numbers of this budget: the price table does not know their model.",
            family="spend-unpriced",
            page=pages.unpriced(ledger),
            pending=PENDING,
        )
    if item.price_table is not None and item.alerts.price_table != "off":
        oldest = f"time() - min(last_over_time({item.price_table.timestamp}[{format_duration(TABLE_READ)}]))"
        yield ledger.alert(
            names.alert(item.name, names.PRICE_TABLE_OLD),
            f"{oldest} > {literal(item.price_table.no_older_than / SECOND)}",
            item.alerts.price_table,
            f"{head}: prices are {{{{ $value | humanizeDuration }}}} old",
            f"Prices older than {format_duration(item.price_table.no_older_than)} are no longer taken for granted: "
            "costs may be off by what changed since.",
            family="spend-price-table",
            page=pages.price_table(ledger),
            pending=PENDING,
        )


def counter_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield what is wrong with the counter: it falls again and again, or it is gone."""
    item, head = ledger.item, texts.head(ledger, ())
    if item.alerts.resets != "off":
        yield ledger.alert(
            names.alert(item.name, names.COUNTER_RESETS),
            f"{ledger.ref(names.RESETS)} > {MOST_RESETS}",
            item.alerts.resets,
            f"{head}: a counter fell {{{{ $value | humanize }}}} times in an hour",
            "Each fall counts as a restart from 0. Two processes that write one series look like that, and then "
            "spending is counted many times over.",
            family="spend-resets",
            page=pages.resets(ledger),
            pending=PENDING,
        )
    if item.alerts.missing != "off":
        tile = ledger.ref(names.tile(names.SPEND, ledger.setting.timing.tile))
        window = max(ABSENT_FOR, 4 * ledger.setting.timing.tile)
        yield ledger.alert(
            names.alert(item.name, names.SIGNAL_MISSING),
            f"absent_over_time({tile}[{format_duration(window)}])",
            item.alerts.missing,
            f"{head}: nothing is counted",
            f"The counter has not been seen for {format_duration(window + PENDING)}: what is spent meanwhile is "
            "missing, and the budget's alerts are blind.",
            family="spend-missing",
            page=pages.missing(ledger, window + PENDING),
            pending=PENDING,
        )


def drift_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield the alert on two counts of the same that differ over a day, once both have been there for one."""
    other = ledger.item.compare_with
    if other is None or ledger.item.alerts.drift == "off":
        return
    slow = ledger.setting.timing.slow
    own, theirs = ledger.total(ledger.window(names.SPEND, DAY)), ledger.window(names.COMPARED, DAY)
    then = (ledger.slow(names.tile(what, slow), back=DAY) for what in (names.SPEND, names.COMPARED))
    conditions = (
        f"abs({own} - {theirs})\n/ ({own} > {theirs} or {theirs})\n> {literal(other.tolerance)}",
        *(f"on () {read}" for read in then),
    )
    yield ledger.alert(
        names.alert(ledger.item.name, names.SOURCES_DRIFT),
        "\nand ".join(conditions),
        ledger.item.alerts.drift,
        f"{texts.head(ledger, ())}: two sources differ by {{{{ $value | humanizePercentage }}}}",
        f"Over a day this counter and {other.counter.metric} differ by more than {percent(other.tolerance)}: one of "
        "them misses spending, or counts some twice.",
        family="spend-drift",
        page=pages.drift(ledger),
        pending=DRIFT_PENDING,
    )
