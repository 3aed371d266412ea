"""Pages of burn alerts: how fast, how long it may go on, and when the alert clears."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal, percent
from watchbill.durations import HOUR, MINUTE, format_duration, spoken
from watchbill.kinds.objectives.pages.lens import Lens
from watchbill.kinds.objectives.pages.shared import gone, objective, rules_healthy, since
from watchbill.model import Check, Content, Fact, Page, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads


def burn_page(facts: Facts, tier: Tier, reads: Reads) -> Page:
    """Return the page of one tier."""
    return Page(
        title=facts.title,
        topic=facts.topic or "",
        group_labels=facts.sli.group_names,
        slower_than=facts.sli.slow_from,
        make=partial(_content, facts, tier, reads),
    )


def _content(facts: Facts, tier: Tier, reads: Reads) -> Content:
    lens = Lens(facts, reads)
    alert = conventions.burn_alert(facts.name, tier.name)
    last = _last(facts, tier)
    looks = tuple(facts.sli.looks(lens.sight(max(15 * MINUTE, tier.short))))
    first = tuple(c for c in looks if c.use is Use.LOOK)
    return Content(
        brief=f"{share_of(tier.budget)} of the error budget gone within {format_duration(tier.long)}",
        hurts=_hurts(facts, tier),
        metrics=lens.metrics(),
        facts=tuple(_facts(facts, tier)),
        checks=(
            since(lens, alert),
            _burning(lens, tier, tier.long),
            *([_burning(lens, tier, last)] if last != tier.long else []),
            _left(lens),
            _until_gone(lens, tier),
            *first,
            _traffic(lens, tier),
            *(c for c in looks if c not in first),
            rules_healthy(facts.service, facts.name),
            _kept(lens, last),
            gone(lens, alert),
        ),
        values=lens.values(),
    )


def _last(facts: Facts, tier: Tier) -> int:
    """Return the window that decides when the alert clears."""
    return tier.short if facts.weighting == "time" else tier.still


def _hurts(facts: Facts, tier: Tier) -> str:
    what = "time" if facts.sli.samples_slots or facts.weighting == "time" else "events"
    within, share = format_duration(tier.long), share_of(tier.budget)
    return (
        f'Users do not get what the objective promises, "{facts.title}": within {within} they got {share} or more of '
        f"the bad {what} that a whole {_budget_of(facts)} may have, and it goes on."
    )


def _budget_of(facts: Facts) -> str:
    return facts.period.text if facts.period.is_calendar else f"period of {facts.period.text}"


def _facts(facts: Facts, tier: Tier) -> Iterator[Fact]:
    period, rate = facts.period.length, tier.burn_rate(facts.period.length)
    total = burn.detection_time(tier.long, min(1.0, rate * facts.budget_ratio), 1.0)
    over = format_duration(tier.long)
    yield Fact("Budget gone in", spoken(burn.exhaustion_time(rate, period)), "at the pace that fires, from a full one")
    fires = f"; this alert fires after {spoken(total)} of it" if total <= tier.long else ""
    outage = burn.exhaustion_time(1 / facts.budget_ratio, period)
    yield Fact("In a total outage", spoken(outage), f"until the whole budget is gone{fires}")
    yield _clears(facts, tier)
    yield objective(facts)
    yield Fact("Spent when it fires", share_of(tier.budget), "of the error budget, or more")
    yield Fact("Burn rate", literal(round(rate, 2)), "times what the objective can bear")
    mean = "" if facts.weighting == "time" else " at mean traffic"
    yield Fact("Errors", f"above {_threshold(facts, tier)}", f"of the events of {over}{mean}")
    yield _guard(facts, tier)


def share_of(ratio: float) -> str:
    """Return a share as people say it, to three digits."""
    return percent(float(f"{ratio:.3g}"))


def _threshold(facts: Facts, tier: Tier) -> str:
    return share_of(min(1.0, tier.burn_rate(facts.period.length) * facts.budget_ratio))


def _guard(facts: Facts, tier: Tier) -> Fact:
    quiet = facts.low_traffic
    least = quiet.min_bad_events
    floor = f"{least} errors in {format_duration(tier.long)}" if least else ""
    if quiet.alpha >= 1:
        return Fact("Guard", floor or "none", "at least" if floor else "one error can fire at low traffic")
    return Fact(
        "Guard", f"chance below {percent(quiet.alpha)}", f"and at least {floor}" if floor else "or it does not fire"
    )


def _clears(facts: Facts, tier: Tier) -> Fact:
    last = _last(facts, tier)
    bound = f"below {_threshold(facts, tier)}" if facts.weighting == "time" else "within the objective"
    pace = f" (looked at every {format_duration(facts.timing.slow)})" if tier.slow else ""
    kept = f", then stay so for {format_duration(facts.keep_firing)}" if facts.keep_firing else ""
    longest = last + facts.keep_firing + (facts.timing.slow if tier.slow else 0)
    note = f"after the errors end: those of the last {format_duration(last)} must be {bound}{pace}{kept}"
    return Fact("Clears", f"within {spoken(longest)}", note)


def _burning(lens: Lens, tier: Tier, window: int) -> Check:
    facts, of = lens.facts, format_duration(window)
    errors, events = lens.window("errors", window), lens.window("events", window)
    rate = literal(round(tier.burn_rate(facts.period.length), 2))
    expect = (
        f"{rate} or more at mean traffic while this fires; 1 is what the objective can bear"
        if window == tier.long
        else "above 1: it goes on right now; below 1: it is over, and the alert clears soon"
    )
    budget = literal(facts.budget_ratio)
    return Check(f"burn-{of}", f"Burn rate over {of}", f"{errors}\n/ ({budget} * ({events} > 0))", expect, always=True)


def _left(lens: Lens) -> Check:
    expr = lens.slow(conventions.BUDGET_REMAINING)
    return Check("left", "Error budget left", expr, "1 is untouched, 0 is spent, below 0 is overspent", always=True)


def _until_gone(lens: Lens, tier: Tier) -> Check:
    facts = lens.facts
    left = lens.slow(conventions.BUDGET_REMAINING)
    errors, events = lens.window("errors", tier.long), lens.window("events", tier.long)
    hours = literal(tier.long / HOUR)
    spent = "" if hours == "1" else f" * {hours}"
    if facts.weighting == "time":
        bearable = literal(facts.budget_ratio * facts.period.length / HOUR)
        expr = f"clamp_min({left}, 0) * {bearable}\n/ ({errors} / ({events} > 0) > 0)"
    else:
        budget = f"last_over_time({lens.ref(conventions.BUDGET_EVENTS)}[1h])"
        expr = f"clamp_min({left}, 0)\n* {budget}{spent}\n/ ({errors} > 0)"
    expect = f"hours, if it goes on as in the last {format_duration(tier.long)}; 0: it is gone already"
    return Check("until-gone", "How long until the budget is gone?", expr, expect)


def _traffic(lens: Lens, tier: Tier) -> Check:
    events = lens.window("events", tier.long)
    expect = "events as usual at this hour; a handful of them makes any ratio jump"
    return Check("traffic", f"Events in {format_duration(tier.long)}", events, expect, Use.TRUST, always=True)


def _kept(lens: Lens, window: int) -> Check:
    of = format_duration(window)
    ratio = f"{lens.window('errors', window)}\n/ ({lens.window('events', window)} > 0)"
    bound = percent(lens.facts.budget_ratio)
    return Check(
        "kept",
        f"Error ratio over {of}",
        ratio,
        f"at or below {bound}: the objective is kept",
        Use.RECOVERY,
        always=True,
    )
