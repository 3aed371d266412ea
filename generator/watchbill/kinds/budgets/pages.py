"""Runbook pages of budgets: facts and queries; what to do about them stands in the knowledge topics."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import burn as burning
from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, HOUR, format_duration, spoken
from watchbill.kinds.budgets import texts
from watchbill.kinds.budgets.views import View
from watchbill.model import Content, Fact, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill.burn import Tier
    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.kinds.budgets.limits import LimitSpec


def _page(ledger: Ledger, groups: tuple[str, ...], make: Callable[[View], Content]) -> Page:
    view = View(ledger, groups)
    return Page(ledger.item.shown, ledger.item.runbook or "", groups, make=partial(make, view))


def _allowed(view: View) -> Fact:
    return Fact("Allowance", texts.allowance(view.ledger), texts.per(view.ledger))


def burn(ledger: Ledger, tier: Tier) -> Page:
    """Return the page of one tier."""

    def make(view: View) -> Content:
        rate = spending.tier_rate(tier, ledger.period.length)
        alert = names.burn_alert(ledger.item.name, tier.name)
        return Content(
            brief=f"{percent(round(tier.budget, 4))} of the allowance gone within {format_duration(tier.long)}",
            hurts=f"Money or quota runs out {literal(round(rate, 1))} times faster than it lasts. Runs still succeed: "
            "only the bill shows it.",
            metrics=view.metrics,
            facts=(
                _allowed(view),
                Fact("Fires at", percent(round(tier.budget, 4)), f"of it within {format_duration(tier.long)}"),
                Fact("A full one lasts", spoken(burning.exhaustion_time(rate, ledger.period.length)), "at that pace"),
                Fact("Clears", format_duration(tier.short), "after spending is back to normal, and held 15m"),
            ),
            checks=(
                view.since(alert),
                view.share_over(tier.long),
                view.share_over(tier.short),
                view.spent(),
                view.lasts(),
                view.who(tier.short),
                *view.trust(),
                view.calm(tier.short),
                view.gone(alert),
            ),
            values=view.values,
        )

    return _page(ledger, ledger.pot_names, make)


def forecast(ledger: Ledger, pending: int) -> Page:
    """Return the page of a forecast above the allowance."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.FORECAST_EXCEEDS)
        margin = spending.FORECAST_MARGIN[ledger.kind_of_period]
        return Content(
            brief="as it goes, the allowance will not do",
            hurts="Nothing yet. As things go, more will be spent than was agreed, and the later that is noticed the "
            "harder the brake.",
            metrics=view.metrics,
            facts=(
                _allowed(view),
                Fact("Fires above", percent(1 + margin), "of it, less as the period ends: forecasts err early on"),
                Fact("Held for", format_duration(pending), "before it fires"),
                Fact("Assumes", "that it goes on", texts.carried(ledger)),
            ),
            checks=(
                view.since(alert),
                view.forecast(),
                view.spent(),
                view.pace(),
                view.per_day(),
                view.who(DAY),
                *view.trust(),
                view.gone(alert),
            ),
            values=view.values,
        )

    return _page(ledger, ledger.pot_names, make)


def exhaustion(ledger: Ledger) -> Page:
    """Return the page of an allowance that is almost gone."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.EXHAUSTION_SOON)
        return Content(
            brief=f"gone within {format_duration(ledger.horizon)}",
            hurts=f"Within {format_duration(ledger.horizon)} the allowance is gone, and the period goes on: limits "
            "will stop work, or the bill will grow past what was agreed.",
            metrics=view.metrics,
            facts=(
                _allowed(view),
                Fact("Fires below", format_duration(ledger.horizon), "of time left, at the rate of as long"),
                Fact("Clears", "as the rate falls", "or the allowance is raised; held 15m"),
            ),
            checks=(
                view.since(alert),
                view.lasts(),
                view.spent(),
                view.share_over(ledger.horizon),
                view.who(HOUR),
                *view.trust(),
                view.gone(alert),
            ),
            values=view.values,
        )

    return _page(ledger, ledger.pot_names, make)


def exhausted(ledger: Ledger) -> Page:
    """Return the page of an allowance that is gone."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.EXHAUSTED)
        until = f"with the next {ledger.period.text}" if ledger.period.is_calendar else "as old spending drops out"
        return Content(
            brief="all of it is spent",
            hurts="The allowance is gone. What is spent from here on was not agreed to by anybody.",
            metrics=view.metrics,
            facts=(_allowed(view), Fact("Clears", until, "or when the allowance in the spec is raised")),
            checks=(view.since(alert), view.spent(), view.per_day(), view.who(DAY), *view.trust(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, ledger.pot_names, make)


def unusual(ledger: Ledger, pending: int) -> Page:
    """Return the page of an hour unlike others."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.ANOMALY)
        return Content(
            brief="an hour far above the usual",
            hurts="Something spends far more than it does at this hour of the week. Often it is a loop, a retry storm "
            "or a schedule that started twice.",
            metrics=view.metrics,
            facts=(
                Fact("Fires from", "1.5 times", "the usual, and four times its own usual spread"),
                Fact("Usual", "median", "of the same hour of the last four weeks, as many as there are"),
                Fact("Held for", format_duration(pending), "before it fires"),
                Fact("Needs", "a week", "of history to begin with, four to be good"),
            ),
            checks=(
                view.since(alert),
                view.hour(),
                view.usual(),
                view.who(HOUR),
                *view.trust(),
                view.gone(alert),
            ),
            values=view.values,
        )

    return _page(ledger, ledger.group_names, make)


def unpriced(ledger: Ledger) -> Page:
    """Return the page of tokens without a price."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.UNPRICED_TOKENS)
        return Content(
            brief="tokens that cost nothing here",
            hurts="Costs are too low by what these tokens cost. Every number of this budget is too good.",
            metrics=view.metrics,
            facts=(Fact("Fires", "with the first token", "without a price, in the last hour"),),
            checks=(view.since(alert), *view.unpriced(), *view.trust(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, (), make)


def price_table(ledger: Ledger) -> Page:
    """Return the page of old prices."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.PRICE_TABLE_OLD)
        return Content(
            brief="prices nobody has looked at for long",
            hurts="Costs are computed with prices that may have changed since.",
            metrics=view.metrics,
            facts=(Fact("Clears", "at once", "when every process has loaded newer prices"),),
            checks=(view.since(alert), *view.price_table(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, (), make)


def resets(ledger: Ledger) -> Page:
    """Return the page of a counter that falls again and again."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.COUNTER_RESETS)
        return Content(
            brief="a counter that falls again and again",
            hurts="Spending may be counted many times over: a fall looks like a restart, after which a counter counts "
            "from 0. Pages of this budget may be wrong.",
            metrics=view.metrics,
            facts=(Fact("Fires above", "3 falls", "of one series in an hour"), Fact("Clears", "after an hour", "")),
            checks=(view.since(alert), *view.resets(), *view.trust(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, (), make)


def drift(ledger: Ledger) -> Page:
    """Return the page of two sources that differ."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.SOURCES_DRIFT)
        return Content(
            brief="two counts of the same differ",
            hurts="One of two counts of the same is wrong, and nobody knows yet which. Bills follow neither of them.",
            metrics=view.metrics,
            facts=(Fact("Compares", "a day", "of both, once both have been there for one"),),
            checks=(view.since(alert), *view.drift(), *view.trust(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, (), make)


def missing(ledger: Ledger, after: int) -> Page:
    """Return the page of a counter that is gone."""

    def make(view: View) -> Content:
        alert = names.alert(ledger.item.name, names.SIGNAL_MISSING)
        return Content(
            brief="nothing is counted: its alerts are blind",
            hurts="Nobody knows what is being spent: the counter is gone. What is spent meanwhile will be missing.",
            metrics=view.metrics,
            facts=(
                _allowed(view),
                Fact("Fires after", format_duration(after), "without a single sample"),
                Fact("Clears", "at once", "with the first evaluation that sees the counter again"),
            ),
            checks=(view.since(alert), *view.trust(), view.counted(), view.gone(alert)),
            values=view.values,
        )

    return _page(ledger, (), make)


def limit(ledger: Ledger, spec: LimitSpec) -> Page:
    """Return the page of a limit."""

    def make(view: View) -> Content:
        alert = names.limit_alert(ledger.item.name, spec.when.key)
        actions = ", ".join(f"{name} {str(value).lower()}" for name, value in spec.actions)
        return Content(
            brief=f"harnesses are limited: {actions}",
            hurts=f"Harnesses are limited now ({actions}): users may get shorter, simpler or later answers. That is "
            "on purpose.",
            metrics=view.metrics,
            facts=(
                _allowed(view),
                Fact("Holds while", spec.when.text, "and 15m longer, unless it is about what is spent"),
                Fact("Does", actions, "in every harness that asks for limits"),
            ),
            checks=(
                view.since(alert),
                view.spent(),
                view.pace(),
                view.forecast(),
                view.who(HOUR),
                *view.trust(),
                view.gone(alert),
            ),
            values=view.values,
        )

    return _page(ledger, ledger.pot_names, make)
