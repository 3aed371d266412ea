"""All that is scraped: every objective's inputs, deployments, masks, and the monitoring's own metrics."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from lab.demo_history.backups import backups
from lab.demo_history.budgets import spending
from lab.demo_history.capacity import capacities
from lab.demo_history.inputs import inputs
from lab.demo_history.series import Stored
from lab.demo_history.story import ONGOING, tell
from lab.demo_history.times import Times
from lab.demo_history.words import group_values
from watchbill.kinds.budgets import Budget
from watchbill.kinds.objectives.facts import Facts
from watchbill.kinds.slis.exposition import INSTANCE
from watchbill.model import Plan
from watchbill.plan import resolve, setting
from watchbill.promql import parse_selector
from watchbill.spec import Document

SEED = 20_261_125
RATE = 4.0
WEIGHTS = (1.0, 0.5, 0.25)
ONGOING_EVERY = 4
"""Of so many objectives, the first three have an incident now."""


def scraped(document: Document, plan: Plan, times: Times) -> Iterator[Stored]:
    """Yield every raw series once."""
    seen = set()
    for one in _everything(document, plan, times):
        key = (one.name, tuple(sorted(one.labels.items())))
        if key not in seen:
            seen.add(key)
            yield one


def _everything(document: Document, plan: Plan, times: Times) -> Iterator[Stored]:
    yield from _objectives(document, times)
    yield from backups([item for _, item in document.items], times)
    yield from _budgets(document, times)
    yield from capacities(document, times)
    yield from _up(document, times)
    yield from _deploys(plan, times)
    yield from _masks(document, times)
    yield from _own(plan, times)


def _objectives(document: Document, times: Times) -> Iterator[Stored]:
    for number, slo in enumerate(document.slos):
        facts = resolve(document, slo)
        rng = np.random.default_rng(SEED + number)
        for n, group in enumerate(groups(facts)):
            ongoing = number % ONGOING_EVERY < ONGOING_EVERY - 1 and number < ONGOING_EVERY
            story = tell(facts, number, first=n == 0, ongoing=ongoing, times=times)
            rate = RATE * WEIGHTS[n % len(WEIGHTS)]
            yield from inputs(slo.sli, story, group, slo.causes or (), rng, rate)


def _budgets(document: Document, times: Times) -> Iterator[Stored]:
    for number, (_, item) in enumerate(document.items):
        if isinstance(item, Budget):
            yield from spending(item, setting(document), times, np.random.default_rng(SEED + 100 + number))


def groups(facts: Facts) -> list[dict[str, str]]:
    """Return the label sets an objective is kept by."""
    lists = [[(g.name, v) for v in group_values(g.name, g.values)] for g in facts.sli.by]
    return [dict(one) for one in product(*lists)]


def _deploys(plan: Plan, times: Times) -> Iterator[Stored]:
    """A release that took over a little before the incident of now."""
    if not plan.deploys:
        return
    selector = parse_selector(plan.deploys)
    fixed = {"job": "job-1", **(selector.example() or {}), "instance": "instance-1", "agent": "support"}
    stamps = times.scrapes()
    turn = times.now - ONGOING - 240
    for release, old in (("2026.47", True), ("2026.48", False)):
        values = [1.0 if (at < turn) is old else None for at in stamps]
        yield Stored(selector.metric, {**fixed, "release": release}, stamps, values)


def _masks(document: Document, times: Times) -> Iterator[Stored]:
    for slo in document.slos:
        for mask in slo.maintenance:
            if mask.metric is not None:
                stamps = times.scrapes()
                yield Stored(mask.metric.metric, mask.metric.example() or {}, stamps, [0.0] * len(stamps))


def _up(document: Document, times: Times) -> Iterator[Stored]:
    """Targets of the jobs that inputs come from."""
    stamps = times.scrapes()
    targets = (
        *(t for slo in document.slos for t in slo.sli.targets()),
        *(t for _, i in document.items for t in i.targets()),
    )
    for target in dict.fromkeys(targets):
        labels = {**INSTANCE, **(parse_selector(target).example() or {})}
        yield Stored("up", labels, stamps, [1.0] * len(stamps))


def _own(plan: Plan, times: Times) -> Iterator[Stored]:
    """What Prometheus and Alertmanager say of themselves; one group was slow once, and failed."""
    stamps = times.scrapes()
    where = {"instance": "prometheus-1", "job": "prometheus"}
    yield Stored("up", where, stamps, [1.0] * len(stamps))
    for down in ({"instance": "gateway-1", "job": "gateway"}, {"instance": "alertmanager-1", "job": "alertmanager"}):
        late = down["job"] == "gateway"
        yield Stored("up", down, stamps, [0.0 if late and at > times.now - ONGOING else 1.0 for at in stamps])
    trouble = times.now - 5400
    files = [(f.path, g) for unit in plan.units for f in unit.files for g in f.groups]
    for n, (path, group) in enumerate(files):
        labels = {**where, "rule_group": f"/etc/prometheus/rules/{path};{group.name}"}
        hit = n == 0
        took = [(group.interval / 1000 * 1.1 if hit and at >= trouble else 0.004 + 0.001 * (n % 7)) for at in stamps]
        yield Stored("prometheus_rule_group_last_duration_seconds", labels, stamps, took)
        every = [group.interval / 1000] * len(stamps)
        yield Stored("prometheus_rule_group_interval_seconds", labels, stamps, every)
        beat = [float(at // (group.interval // 1000) * (group.interval // 1000)) for at in stamps]
        yield Stored("prometheus_rule_group_last_evaluation_timestamp_seconds", labels, stamps, beat)
        yield Stored("prometheus_rule_group_rules", labels, stamps, [float(len(group.rules))] * len(stamps))
        rising = [float(max(0, at - trouble) // 300) if hit else 0.0 for at in stamps]
        for name in ("prometheus_rule_group_iterations_missed_total", "prometheus_rule_evaluation_failures_total"):
            yield Stored(name, labels, stamps, rising)
    sent = [float(at - times.begin) // 60 for at in stamps]
    failed = [float(max(0, at - trouble) // 900) for at in stamps]
    address = {**where, "alertmanager": "http://alertmanager-1:9093/api/v2/alerts"}
    yield Stored("prometheus_notifications_sent_total", address, stamps, sent)
    yield Stored("prometheus_notifications_errors_total", address, stamps, failed)
    yield Stored("prometheus_notifications_dropped_total", where, stamps, failed)
    for integration in ("slack", "pagerduty"):
        labels = {"instance": "alertmanager-1", "job": "alertmanager", "integration": integration}
        yield Stored("alertmanager_notifications_total", labels, stamps, sent)
        bad = failed if integration == "slack" else [0.0] * len(stamps)
        yield Stored("alertmanager_notifications_failed_total", labels, stamps, bad)
