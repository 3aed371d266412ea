"""Alerts on what moves from one evaluation to the next, looked at every time, and on what is missing after it fired."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.kinds.budgets.alerts import KEEP_FIRING, forecast_pending
from watchbill.kinds.budgets.limiting import RECORDS
from watchbill.kinds.budgets.scenarios.waves import LOOKBACK, Reader, Samples, by_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Fires, Scenario, Series

OVER, UNDER, MUCH = 1.02, 0.98, 4.0
LONGEST = 400
"""Evaluations that a forecast may be held for and still be looked at every time."""


@dataclass
class Watch:
    """An alert's state from one evaluation to the next, times in ms."""

    pending: int
    keep: int
    since: int | None = None
    until: int | None = None
    firing: bool = field(default=False)

    def look(self, at: int, *, met: bool) -> bool:
        """Return whether it fires once its condition has been looked at."""
        if met:
            self.since = at if self.since is None else self.since
            self.until = None
            self.firing = self.firing or at - self.since >= self.pending
            return self.firing
        if self.firing and self.until is None:
            self.until = at
        if self.until is None or at - self.until >= self.keep:
            self.firing, self.since, self.until = False, None, None
        return self.firing


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield a scenario for each alert that reads what slow rules record."""
    ledger, alerts = stage.ledger, stage.ledger.item.alerts
    for limit, tier in ledger.limits:
        when = limit.when
        if tier is None:
            keep = 0 if when.quantity == "spent" else KEEP_FIRING
            alert = names.limit_alert(ledger.item.name, when.key)
            yield _bounded(stage, alert, RECORDS[when.quantity], when.share, keep, equal=when.operator == ">=")
        elif tier.slow:
            yield _tier(stage, names.limit_alert(ledger.item.name, when.key), tier)
    if alerts.exhausted != "off":
        yield _bounded(stage, names.alert(ledger.item.name, names.EXHAUSTED), names.SPENT, 1.0, 0, equal=True)
    if alerts.exhaustion != "off":
        yield _soon(stage)
    if alerts.burn != "off":
        for tier in ledger.tiers:
            if tier.slow:
                yield _tier(stage, names.burn_alert(ledger.item.name, tier.name), tier)
    if alerts.forecast != "off" and forecast_pending(ledger) // stage.slow < LONGEST:
        yield _forecast(stage)


def _pots(stage: Stage, record: str, samples: Samples, otherwise: float) -> list[Series]:
    """Return the first allowance's samples, and something that tells nobody anything for the others."""
    rest: Samples = [otherwise] * len(samples)
    return [stage.series(record, pot, samples if n == 0 else rest) for n, pot in enumerate(stage.pots)]


def _looks(stage: Stage, alert: str, watch: Watch, met: Callable[[int], bool], length: int) -> Iterator[Fires]:
    reader = Reader(stage)
    for at in range(0, (length - 1) * reader.step, stage.slow):
        yield stage.fires(alert, at, [stage.pots[0]] if watch.look(at, met=met(at)) else [])


def _bounded(stage: Stage, alert: str, record: str, bound: float, keep: int, *, equal: bool) -> Scenario:
    """Far over and at once just under, just over after nothing, and just over until it is missing."""
    reader = Reader(stage)
    rest = (keep + reader.stale) // stage.slow + 3
    shares = [0.0, 0.0, MUCH, *[UNDER] * rest, 0.0, OVER, *[0.0] * rest, UNDER, OVER, *[None] * (rest + reader.hole)]
    samples: Samples = [None if s is None else s * bound for s in shares]

    def met(at: int) -> bool:
        seen = reader.newest(samples, at)
        return seen is not None and (seen >= bound if equal else seen > bound)

    checks = list(_looks(stage, alert, Watch(0, keep), met, len(samples)))
    series = _pots(stage, record, samples, 0.0)
    return stage.scenario(f"{alert}: from one evaluation to the next", "windows", reader.step, stage.slow, series,
                          checks)  # fmt: skip


def _soon(stage: Stage) -> Scenario:
    """Soon, and then not at all, already over or long away; and soon until it is missing."""
    ledger, reader = stage.ledger, Reader(stage)
    alert = names.alert(ledger.item.name, names.EXHAUSTION_SOON)
    rest = (KEEP_FIRING + reader.stale) // stage.slow + 3
    lead = ledger.settling // reader.step + 2 if ledger.period.is_calendar else 0
    shares = [
        *[MUCH] * lead, MUCH, 0.5, 0.5, *[OVER] * rest, 0.5, *[1.0] * rest, MUCH, 0.5, *[MUCH] * rest, 0.0, 0.5,
        *[0.0] * rest, MUCH, UNDER, *[None] * (rest + reader.hole),
    ]  # fmt: skip
    horizon = ledger.horizon / SECOND
    samples: Samples = [None if s is None else s * horizon for s in shares]

    def met(at: int) -> bool:
        seen, left = reader.newest(samples, at), stage.remaining(at) if ledger.period.is_calendar else DAY
        return seen is not None and 0 < seen < horizon and left > ledger.horizon / DAY and stage.settled(at)

    checks = list(_looks(stage, alert, Watch(0, KEEP_FIRING), met, len(samples)))
    series = _pots(stage, names.EXHAUSTION, samples, MUCH * horizon)
    return stage.scenario(f"{alert}: from one evaluation to the next", "windows", reader.step, stage.slow, series,
                          checks)  # fmt: skip


def _tier(stage: Stage, alert: str, tier: Tier) -> Scenario:
    """Far over both, until one of the sums is missing and then the other one."""
    reader = Reader(stage)
    rest = (KEEP_FIRING + reader.stale) // stage.slow + 3
    gone: Samples = [None] * (rest + reader.hole)
    here: Samples = [MUCH] * len(gone)
    long: Samples = [0.0, MUCH, MUCH, *gone, *here, MUCH, MUCH]
    short: Samples = [0.0, MUCH, MUCH, *here, *gone, MUCH, MUCH]
    bounds = (float(literal(tier.budget)), float(literal(tier.short_budget)))
    spans = [0 if stage.ledger.slow_of[names.SPEND, length] else LOOKBACK for length in (tier.long, tier.short)]

    def met(at: int) -> bool:
        return all(
            (reader.newest(samples, at, span) or 0.0) > 0 for samples, span in zip((long, short), spans, strict=True)
        )

    checks = list(_looks(stage, alert, Watch(0, KEEP_FIRING), met, len(long)))
    series: list[Series] = []
    for length, samples, bound in zip((tier.long, tier.short), (long, short), bounds, strict=True):
        shares: Samples = [None if s is None else s * bound for s in samples]
        series += by_group(stage, names.window_sum(names.SPEND, length), shares)
    return stage.scenario(f"{alert}: one sum missing after the other", "windows", reader.step, stage.slow, series,
                          checks)  # fmt: skip


def _forecast(stage: Stage) -> Scenario:
    """Just under for long, just over for long enough, nothing for once, and just over until it is missing."""
    ledger, reader = stage.ledger, Reader(stage)
    alert, kind = names.alert(ledger.item.name, names.FORECAST_EXCEEDS), ledger.kind_of_period
    pending = forecast_pending(ledger)
    held = pending // reader.step + 4

    def bound(at: int) -> float:
        left = 1.0
        if kind != "rolling":
            left = stage.remaining(at) / (ledger.period.length / DAY)
        return 1 + spending.margin(kind, left)

    shares = [0.0, *[UNDER] * held, *[OVER] * held, 0.0, *[OVER] * held, MUCH, UNDER, *[OVER] * held,
              *[None] * (2 * reader.hole)]  # fmt: skip
    samples: Samples = [None if s is None else s * bound((i + 1) * reader.step) for i, s in enumerate(shares)]

    def met(at: int) -> bool:
        seen = reader.newest(samples, at)
        return seen is not None and seen > bound(at)

    checks = list(_looks(stage, alert, Watch(pending, 0), met, len(samples)))
    told = {0, held - 1, held}
    telling = [c for n, c in enumerate(checks) if n in told or c.firing or n + 1 == len(checks) or checks[n - 1].firing
               or checks[n + 1].firing]  # fmt: skip
    series = _pots(stage, names.FORECAST, samples, 0.0)
    return stage.scenario(f"{alert}: from one evaluation to the next", "windows", reader.step, stage.slow, series,
                          telling)  # fmt: skip
