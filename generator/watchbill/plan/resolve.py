"""Defaults resolved: what the spec leaves out, worked out from what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, gates
from watchbill.durations import MINUTE, SECOND, round_up
from watchbill.kinds.objectives.facts import Facts, LowTraffic
from watchbill.kinds.setting import Setting, Timing

if TYPE_CHECKING:
    from watchbill.model import Labels
    from watchbill.spec import Document
    from watchbill.spec.slo import Slo

SETTLE_LIMIT = 10 * SECOND
SLOW_INTERVAL = 5 * MINUTE
LAG_LIMIT = 5 * SECOND
DEFAULT_COLLAPSE = 0.5


def timing(document: Document) -> Timing:
    """Return the rules' timing, defaults filled in."""
    facts = document.prometheus
    tile = facts.evaluation_interval
    timeout = facts.scrape_timeout or min(SETTLE_LIMIT, facts.scrape_interval)
    return Timing(
        tile=tile,
        slow=round_up(max(SLOW_INTERVAL, tile), tile),
        settle=timeout if facts.settle is None else facts.settle,
        bridge=facts.bridge,
        lag=min(LAG_LIMIT, tile // 6),
        scrape=facts.scrape_interval,
        left_open=gates.supported("left_open_ranges", document.targets.prometheus),
    )


def setting(document: Document) -> Setting:
    """Return what every kind needs to know of the service."""
    return Setting(
        service=document.service,
        owner=document.owner,
        labels=tuple(sorted(document.labels.items())),
        severities=severities(document),
        timing=timing(document),
        objectives=tuple(slo.name for slo in document.slos),
    )


def severities(document: Document) -> Labels:
    """Return the host's words for severities."""
    return tuple((str(level), word) for level, word in sorted(document.routing.severities.items()))


def resolve(document: Document, slo: Slo) -> Facts:
    """Return everything its lowering needs to know of an SLO."""
    when = timing(document)
    budget = float((100 - slo.objective) / 100)
    own = slo.alerting.tiers
    templates = burn.LADDERS[slo.alerting.ladder]
    if own is not None:
        templates = tuple(burn.TierTemplate(t.name, t.severity, t.budget, t.within, t.recheck, fixed=True) for t in own)
    tiers = burn.fit(templates, period=slo.window.length, budget_ratio=budget, tile=when.tile, slow_tile=when.slow)
    slots = slo.sli.samples_slots
    collapse = slo.traffic_collapse if slo.traffic_collapse is not None else ("off" if slots else DEFAULT_COLLAPSE)
    masks = [mask.promql() for mask in slo.maintenance]
    quiet = slo.low_traffic
    return Facts(
        name=slo.name,
        title=slo.title or slo.name.replace("-", " ").capitalize(),
        owner=document.owner,
        service=document.service,
        objective=float(slo.objective / 100),
        budget_ratio=budget,
        period=slo.window,
        tiers=tiers,
        sli=slo.sli,
        timing=when,
        labels=(*sorted(document.labels.items()), ("service", document.service), ("slo", slo.name)),
        section=slo.section,
        topic=slo.runbook,
        causes=slo.causes,
        severities=severities(document),
        weighting=slo.weighting,
        low_traffic=LowTraffic(quiet.chance, quiet.overdispersion, quiet.min_bad_events),
        keep_firing=slo.alerting.keep_firing_for,
        on_no_traffic=slo.on_no_traffic,
        on_no_data=slo.on_no_data,
        collapse=0.0 if collapse == "off" else float(collapse),
        schedules=tuple(s for s in (mask.schedule() for mask in slo.maintenance) if s is not None),
        mask_gauges=tuple(mask.metric for mask in slo.maintenance if mask.metric is not None),
        mask=masks[0] if len(masks) == 1 else "\nor ".join(f"({m})" for m in masks),
    )
