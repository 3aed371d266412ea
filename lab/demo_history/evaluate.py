"""Rules and alerts over the past, as the server would have evaluated them."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from lab.api import PrometheusApi
from lab.demo_history.levels import Step
from lab.demo_history.series import Stored
from lab.demo_history.times import Times
from watchbill.model import Alert, Plan

WORKERS = 2


def recorded(server: PrometheusApi, steps: Sequence[Step], times: Times) -> list[Stored]:
    """Return what the rules of one level record."""

    def one(step: Step) -> list[Stored]:
        rows = server.query_range(step.rule.expr, times.begin, times.end, step.interval)
        return [
            Stored(
                step.rule.record,
                {**{k: v for k, v in labels.items() if k != "__name__"}, **dict(step.rule.labels)},
                [at for at, _ in samples],
                [value for _, value in samples],
            )
            for labels, samples in rows
        ]

    with ThreadPoolExecutor(WORKERS) as pool:
        return [series for found in pool.map(one, steps) for series in found]


def alerted(server: PrometheusApi, plan: Plan, times: Times) -> list[Stored]:
    """Return `ALERTS` of every alert of the plan."""
    alerts = [
        (rule, group.interval // 1000)
        for unit in plan.units
        for file in unit.files
        for group in file.groups
        for rule in group.rules
        if isinstance(rule, Alert)
    ]

    def one(item: tuple[Alert, int]) -> list[Stored]:
        alert, interval = item
        rows = server.query_range(alert.expr, times.begin, times.end, interval)
        return [s for labels, samples in rows for s in _states(alert, labels, samples, times.steps(interval))]

    with ThreadPoolExecutor(WORKERS) as pool:
        return [series for found in pool.map(one, alerts) for series in found]


def _states(
    alert: Alert, labels: dict[str, str], samples: Iterable[tuple[float, float]], steps: range
) -> Iterator[Stored]:
    active = {round(at) for at, _ in samples}
    since: int | None = None
    last = -1
    states: list[str | None] = []
    for at in steps:
        if at in active:
            since, last = at if since is None else since, at
        elif since is not None and not (_firing(alert, since, last) and at - last < alert.keep_firing / 1000):
            since = None
        states.append(None if since is None else "firing" if _firing(alert, since, last) else "pending")
    own = {k: v for k, v in labels.items() if k != "__name__"}
    for state in ("pending", "firing"):
        values = [1.0 if s == state else None for s in states]
        if any(values):
            shown = {**own, **dict(alert.labels), "alertname": alert.name, "alertstate": state}
            yield Stored("ALERTS", shown, steps, values)


def _firing(alert: Alert, since: int, last: int) -> bool:
    return last - since >= alert.pending / 1000
