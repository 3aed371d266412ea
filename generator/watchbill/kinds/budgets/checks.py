"""What does not fit together in a budget, as far as its words can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.diagnostics import Code, Problem, Severity, did_you_mean
from watchbill.kinds.budgets.amounts import COUNT, COUNTED_IN, MONEY, Amount
from watchbill.promql import Op
from watchbill.spending import LADDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.section import Budget
    from watchbill.kinds.setting import Setting

GROUPS = Code(
    "WB301",
    "Allowances and groups do not fit",
    "An allowance of each group, or of named ones, needs the groups: an amount that is for nobody watches nothing.",
    "Give `by` the label; name in a map the groups of its allow-list, and `other` for the rest.",
)
UNIT = Code(
    "WB302",
    "Unit that the counter does not count",
    "An allowance in minutes is compared as seconds, one in GB as bytes: with a counter of something else it is off "
    "by that factor.",
    "Count in base units (…_seconds_total, …_bytes_total, …_usd_total), or leave the unit word out.",
    Severity.WARNING,
)
PLAN = Code(
    "WB304",
    "Plan that the period cannot have",
    "Only calendar weeks and months have weekends at known places.",
    "Drop `plan:`, or make the allowance one of a month or a week.",
)
PRICES = Code(
    "WB306",
    "Prices of what is no money",
    "Tokens without a price and old prices make costs wrong; a number of tokens or calls has no price.",
    "Move it to the budget that counts money.",
)
COUNTER = Code(
    "WB307",
    "Budget of something that is no counter",
    "What a budget adds up is what a counter gains. Counters end in _total, _count or _sum; gauges rise and fall.",
    "Name the counter. One by another name may stay.",
    Severity.WARNING,
)
IMPOSSIBLE = Code(
    "WB308",
    "Budget whose selector matches nothing",
    "No series can satisfy all its matchers, so nothing would ever be spent.",
    "Look at the matchers on one label: they contradict each other.",
)
NEW_SERIES = Code(
    "WB309",
    "Liveness that a budget does not ask for",
    "With `new_series: ignore` nobody asks whether a target was up.",
    "Drop `liveness` and `process_start`, or `new_series`.",
    Severity.WARNING,
)
TIER = Code(
    "WB312",
    "Limit on a tier that is not there",
    "A limit on a burn needs the tier; very long rule intervals leave tiers out.",
    "Name one of the tiers: fast, sustained or slow.",
)
TWICE = Code(
    "WB313",
    "Limit said twice",
    "Two limits on one bound would be one alert, and a harness could not tell them apart.",
    "Put all actions under one `when`.",
)
CODES = (GROUPS, UNIT, PLAN, PRICES, COUNTER, IMPOSSIBLE, NEW_SERIES, TIER, TWICE)


def findings(item: Budget, setting: Setting) -> Iterator[Problem]:
    """Every check."""
    for check in (_groups, _units, _plan, _prices, _counters, _liveness):
        yield from check(item)
    yield from _limits(item, setting)


def _groups(item: Budget) -> Iterator[Problem]:
    one = item.allowance
    if isinstance(one, Amount):
        return
    allowed, named = item.by[0].values, [group for group, _ in one]
    if not allowed:
        return
    for group in named:
        if group not in (*allowed, names.OTHER):
            hint = did_you_mean(group, allowed)
            yield Problem(("allowance", group), GROUPS, f"'{group}' is not in the allow-list of `by`", hint)
    for group in allowed:
        if group not in named:
            yield Problem(("allowance",), GROUPS, f"there is no allowance for '{group}'")


def _units(item: Budget) -> Iterator[Problem]:
    unit = item.amounts[0].unit
    metric = item.counter.metric.lower()
    fitting = COUNTED_IN.get(unit.kind, ())
    if fitting and not any(word in metric for word in fitting):
        text = f"'{unit.word}' wants a counter in {fitting[0]}; '{item.counter.metric}' does not say so"
        yield Problem(("counter",), UNIT, text)
    told = next((words[0] for kind, words in COUNTED_IN.items() if f"_{words[0]}_" in metric and kind != unit.kind), "")
    if unit.kind == COUNT and unit.word and told:
        yield Problem(("counter",), UNIT, f"'{item.counter.metric}' counts {told}, not {unit.word}")
    floor = item.anomaly_floor
    if floor is not None and floor.unit.word and floor.unit.kind != unit.kind:
        yield Problem(("anomaly_floor",), UNIT, f"the allowance is no amount of {floor.unit.word}")


def _plan(item: Budget) -> Iterator[Problem]:
    if not item.plan.is_linear and item.per.text not in {"month", "week"}:
        yield Problem(("plan",), PLAN, f"a period of {item.per.text} has no weekends to plan with")


def _prices(item: Budget) -> Iterator[Problem]:
    if item.amounts[0].unit.kind == MONEY:
        return
    for key in ("unpriced", "price_table"):
        if getattr(item, key) is not None:
            yield Problem((key,), PRICES, f"'{key}' has nothing to do with {item.amounts[0].text}")


def _counters(item: Budget) -> Iterator[Problem]:
    places = {"compare_with": ("compare_with", "counter"), "timestamp": ("price_table", "timestamp")}
    for one in item.inputs():
        path = places.get(one.role, (one.role,))
        if one.type == "counter" and not one.selector.metric.endswith(("_total", "_count", "_sum")):
            yield Problem(path, COUNTER, f"'{one.selector.metric}' is not named like a counter")
        for fixed in (m for m in one.selector.matchers if m.op is Op.EQ):
            labels = {fixed.name: fixed.value} if fixed.value else {}
            if not all(m.matches(labels) for m in one.selector.on([fixed.name])):
                yield Problem(path, IMPOSSIBLE, f"no series can satisfy {one.selector}")
                break


def _liveness(item: Budget) -> Iterator[Problem]:
    if item.new_series == "ignore":
        for name in ("liveness", "process_start"):
            if getattr(item, name) is not None:
                yield Problem((name,), NEW_SERIES, f"'{name}' has no effect with new_series: ignore")


def _limits(item: Budget, setting: Setting) -> Iterator[Problem]:
    from watchbill.kinds.budgets.ledger import Ledger  # noqa: PLC0415 - only limits on tiers need it

    seen: set[str] = set()
    tiers = {tier.name for tier in Ledger(item, setting, names.KEY).tiers}
    for i, limit in enumerate(item.limits):
        when = limit.when
        if when.key in seen:
            yield Problem(("limits", i, "when"), TWICE, f"'{when.text}' is a bound that another limit has")
        seen.add(when.key)
        if when.tier and when.tier not in tiers:
            hint = did_you_mean(when.tier, tuple(name for name, *_ in LADDER))
            yield Problem(("limits", i, "when"), TIER, f"this budget has no burn tier '{when.tier}'", hint)
