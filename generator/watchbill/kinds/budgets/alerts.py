"""Alerts on the allowance: it burns too fast, it will not last, it is gone; and an hour that is unlike others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, spending
from watchbill.conventions import LONG_WINDOW, SHORT_WINDOW, TIER
from watchbill.conventions import budgets as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration, round_up, spoken
from watchbill.gotext import escaped
from watchbill.kinds.budgets import anomaly, pages, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.model import Alert, Labels

KEEP_FIRING = 15 * MINUTE
FORECAST_PENDING = 6 * HOUR
"""Of a month; other periods hold it for as much less as they are shorter."""
ANOMALY_PENDING = 10 * MINUTE
SHARE = "{{ $value | humanizePercentage }}"


def burn_alerts(ledger: Ledger, *, slow: bool) -> Iterator[Alert]:
    """Yield the tiers' alerts of one pace."""
    if ledger.item.alerts.burn == "off":
        return
    for tier in ledger.tiers:
        if tier.slow is slow:
            rate = spending.tier_rate(tier, ledger.period.length)
            long = format_duration(tier.long)
            yield ledger.alert(
                names.burn_alert(ledger.item.name, tier.name),
                "\nand\n".join(burning(ledger, tier)),
                tier.severity,
                f"{texts.head(ledger, ledger.pot_names)}: {SHARE} of the {texts.period(ledger)}'s allowance in {long}",
                f"{percent(tier.budget)} of the allowance within {long} is {literal(round(rate, 2))} times what lasts: "
                f"at that pace all of it is gone in {spoken(burn.exhaustion_time(rate, ledger.period.length))}. "
                f"The allowance is {escaped(texts.allowance(ledger))} {texts.per(ledger)}.",
                family="spend-burn",
                page=pages.burn(ledger, tier),
                keep_firing=KEEP_FIRING,
                labels=tier_labels(tier),
            )


def burning(ledger: Ledger, tier: Tier) -> Iterator[str]:
    """Yield a tier's conditions: the share spent over its long window, and the same pace over its short one."""
    yield f"{ledger.share(ledger.window(names.SPEND, tier.long))} >= {literal(tier.budget)}"
    yield f"{ledger.share(ledger.window(names.SPEND, tier.short))} >= {literal(tier.short_budget)}"


def tier_labels(tier: Tier) -> Labels:
    """Return the labels that name a tier."""
    return (
        (TIER, tier.name),
        (LONG_WINDOW, format_duration(tier.long)),
        (SHORT_WINDOW, format_duration(tier.short)),
    )


def forecast_pending(ledger: Ledger) -> int:
    """Return for how long a forecast must exceed, ms."""
    timing = ledger.setting.timing
    return round_up(FORECAST_PENDING * ledger.period.length / spending.REFERENCE_PERIOD, timing.slow)


def exceeding(ledger: Ledger) -> str:
    """Return the forecast's condition: the less of the period is left, the less it may be wrong."""
    margin = spending.FORECAST_MARGIN[ledger.kind_of_period]
    bound = literal(1 + margin)
    if ledger.period.is_calendar:
        days = literal(ledger.period.length / DAY)
        bound = f"1 + {literal(margin)} * scalar({ledger.slow(names.REMAINING)}) / {days}"
    return f"{ledger.slow(names.FORECAST)} > {bound}"


def soon(ledger: Ledger) -> str:
    """Return the condition of near exhaustion: time left to act, and the period - not that of before - lasts longer."""
    left = ledger.slow(names.EXHAUSTION)
    within = f"{left} > 0 and {left} < {literal(ledger.horizon / SECOND)}"
    if not ledger.period.is_calendar:
        return within
    return f"{within}\nand on ()\n{ledger.slow(names.REMAINING)} > {literal(ledger.horizon / DAY)}{ledger.settled}"


def allowance_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield what is told of the allowance as a whole."""
    levels, name, head = ledger.item.alerts, ledger.item.name, texts.head(ledger, ledger.pot_names)
    whole = f"The allowance is {escaped(texts.allowance(ledger))} {texts.per(ledger)}."
    if levels.forecast != "off":
        end = f"by the end of the {texts.period(ledger)}" if ledger.period.is_calendar else "at this pace"
        yield ledger.alert(
            names.alert(name, names.FORECAST_EXCEEDS),
            exceeding(ledger),
            levels.forecast,
            f"{head}: {SHARE} of the allowance {end}",
            f"If {texts.carried(ledger)}, the allowance will not do. {whole}",
            family="spend-forecast",
            page=pages.forecast(ledger, forecast_pending(ledger)),
            pending=forecast_pending(ledger),
        )
    if levels.exhaustion != "off":
        yield ledger.alert(
            names.alert(name, names.EXHAUSTION_SOON),
            soon(ledger),
            levels.exhaustion,
            f"{head}: the allowance is gone in {{{{ $value | humanizeDuration }}}}",
            f"That is at the rate of the last {format_duration(ledger.horizon)}. {whole}",
            family="spend-exhaustion",
            page=pages.exhaustion(ledger),
            keep_firing=KEEP_FIRING,
        )
    if levels.exhausted != "off":
        yield ledger.alert(
            names.alert(name, names.EXHAUSTED),
            f"{ledger.slow(names.SPENT)} >= 1",
            levels.exhausted,
            f"{head}: {SHARE} of the allowance is spent",
            f"What is spent from here on is above the allowance. {whole}",
            family="spend-exhausted",
            page=pages.exhausted(ledger),
        )


def anomaly_alerts(ledger: Ledger) -> Iterator[Alert]:
    """Yield the alert on an hour that is unlike the same hour of other weeks."""
    level = ledger.item.alerts.anomaly
    if level != "off":
        yield ledger.alert(
            names.alert(ledger.item.name, names.ANOMALY),
            "\nand\n".join(anomaly.conditions(ledger)),
            level,
            f'{texts.head(ledger, ledger.group_names)}: {{{{ printf "%.1f" $value }}}} times the usual of this hour',
            "Usual is the median of the same hour of the last four weeks. It needs a week of history to begin with, "
            "and four to be good.",
            family="spend-anomaly",
            page=pages.unusual(ledger, ANOMALY_PENDING),
            pending=ANOMALY_PENDING,
        )
