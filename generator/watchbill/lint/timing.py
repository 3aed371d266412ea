"""Windows, intervals and thresholds that cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.decimals import literal, percent
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import HOUR, format_duration
from watchbill.kinds.slis import Raw, Windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context

UNREACHABLE = Code(
    "WB220",
    "Tier that can never fire",
    "Its threshold is an error ratio of 100 % or more. Known generators ship such alerts silently for objectives below "
    "93 %; a page that cannot fire is worse than none.",
    "Lengthen `within`, or lower `budget`: budget x period / within x (1 - objective) must stay below 1.",
)
SUSTAINABLE = Code(
    "WB221",
    "Tier that fires at a sustainable pace",
    "Its burn rate is below 1: it fires although the budget would last the whole period.",
    "Shorten `within`, or raise `budget`: budget must be at least within / period.",
)
FEW_SCRAPES = Code(
    "WB222",
    "Range under four scrapes",
    "A range with one or two samples has no rate; one lost scrape and it is empty.",
    "Make the range at least four scrape intervals long.",
    Severity.WARNING,
)
TILE_TOO_SHORT = Code(
    "WB223",
    "Rules run more often than scrapes",
    "A tile shorter than the scrape interval is empty most of the time.",
    "Set `evaluation_interval` to the scrape interval or more.",
)
RETENTION = Code(
    "WB224",
    "Window beyond retention",
    "Prometheus deletes what is older than its retention: the budget would silently cover less than its period.",
    "Raise the server's retention (and `prometheus.retention`), or shorten the window.",
    Severity.WARNING,
)
SHORT_OVER_LONG = Code(
    "WB225",
    "Windows of a tier out of order",
    "The short window tells whether the burn goes on; it must be well inside the long one, and that inside the period.",
    "Give `recheck` a twelfth of `within`, and keep `within` below the budget period.",
)
LATE = Code(
    "WB226",
    "Timing out of range",
    "Tiles are cut `settle` late and bridge gaps of `bridge`: both must fit the rule interval's scale.",
    "Use a scrape timeout up to the scrape interval, `settle` up to an hour, and a bridge of at least two tiles.",
)
CODES = (UNREACHABLE, SUSTAINABLE, FEW_SCRAPES, TILE_TOO_SHORT, RETENTION, SHORT_OVER_LONG, LATE)

MIN_SCRAPES = 4


def tiers(context: Context) -> Iterator[Problem]:
    """Own tiers can fire, and not at a sustainable pace. Default ones are fitted, so they always do."""
    for item in context.items:
        period = item.facts.period.length
        for k, tier in enumerate(item.slo.alerting.tiers or ()):
            path = item.at("alerting", "tiers", k)
            rate = tier.budget * period / tier.within
            threshold = rate * item.facts.budget_ratio
            if tier.within >= period or (tier.recheck or 0) * 2 > tier.within:
                yield Problem((*path, "within"), SHORT_OVER_LONG, "the windows do not nest: recheck < within < period")
            elif threshold >= 1:
                text = f"tier '{tier.name}' would need {percent(threshold)} errors: it can never fire"
                longest = tier.budget * period * item.facts.budget_ratio * 2
                yield Problem(
                    (*path, "within"), UNREACHABLE, text, f"within: {format_duration(int(longest // 60000) * 60000)}"
                )
            elif rate < 1 - 1e-9:
                text = f"tier '{tier.name}' has burn rate {literal(round(rate, 3))}: it fires at a sustainable pace"
                least = percent(round(tier.within / period, 4) + 1e-4)
                yield Problem((*path, "budget"), SUSTAINABLE, text, f"budget: {least}")


def ranges(context: Context) -> Iterator[Problem]:
    """Every range holds at least four scrapes."""
    scrape = context.document.prometheus.scrape_interval
    least = format_duration(MIN_SCRAPES * scrape)
    for item in context.items:
        for k, tier in enumerate(item.slo.alerting.tiers or ()):
            short = tier.recheck or tier.within // 12
            if short < MIN_SCRAPES * scrape:
                path = item.at("alerting", "tiers", k, "recheck" if tier.recheck else "within")
                yield Problem(
                    path, FEW_SCRAPES, f"a short window of {format_duration(short)} is under {least}, four scrapes"
                )
        sli = item.slo.sli
        each = (sli.each, "each") if isinstance(sli, Windows) and sli.gauge is None else None
        each = (sli.window, "window") if isinstance(sli, Raw) else each
        if each and each[0] < MIN_SCRAPES * scrape:
            text = f"a window of {format_duration(each[0])} is under {least}, four scrapes"
            yield Problem(item.at("sli", each[1]), FEW_SCRAPES, text)


def intervals(context: Context) -> Iterator[Problem]:
    """Rules run no more often than scrapes; settle and bridge fit."""
    facts = context.document.prometheus
    tile = facts.evaluation_interval
    if tile < facts.scrape_interval:
        text = f"rules every {format_duration(tile)} outrun scrapes every {format_duration(facts.scrape_interval)}"
        yield Problem(("prometheus", "evaluation_interval"), TILE_TOO_SHORT, text)
    if tile > HOUR or tile < 1000:
        yield Problem(("prometheus", "evaluation_interval"), LATE, "rule intervals from 1s to 1h are supported")
    if facts.bridge < 2 * tile or facts.bridge > 24 * HOUR:
        yield Problem(("prometheus", "bridge"), LATE, "the bridge must be from two rule intervals to 24h")
    if facts.settle is not None and facts.settle > HOUR:
        yield Problem(("prometheus", "settle"), LATE, "tiles cannot be cut more than 1h late")
    if facts.scrape_timeout is not None and facts.scrape_timeout > facts.scrape_interval:
        yield Problem(("prometheus", "scrape_timeout"), LATE, "the scrape timeout is longer than the scrape interval")


def retention(context: Context) -> Iterator[Problem]:
    """The server keeps what the budget looks back on."""
    kept = context.document.prometheus.retention
    for item in context.items:
        need = item.facts.period.longest or item.facts.period.length
        if need > kept:
            text = f"the budget looks back {format_duration(need)}, the server keeps {format_duration(kept)}"
            path = item.at("window") if "window" in item.slo.model_fields_set else item.at("name")
            yield Problem(path, RETENTION, text)


CHECKS = (tiers, ranges, intervals, retention)
