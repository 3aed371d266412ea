"""Shares of bad events in two windows: exact counting as objectives have it, without a budget's books.

Of an objective's tiers only the fastest: a share that would spend 2 % of 30 days' budget in an hour, in the long window
and in the short one, and too much to be chance (alert-math 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.calendar import rolling
from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import DAY, format_duration, round_up
from watchbill.kinds.capacity.proof import Edge, Proof
from watchbill.kinds.objectives.facts import Facts, LowTraffic
from watchbill.kinds.objectives.scenarios import inputs
from watchbill.kinds.objectives.scenarios.common import drifting, samples_in
from watchbill.kinds.objectives.scenarios.sums import MANY
from watchbill.kinds.slis.history import values
from watchbill.model import Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.base import Bench
    from watchbill.kinds.slis.base import CounterSli
    from watchbill.model import Alert, RecordingRule

PERIOD = 30 * DAY
EVIDENCE = 6.907755
"""ln(1000), nats: chance alone explains it less than once in a thousand hours."""
ROUND = 2.0**20
"""Events of scenarios: a ratio times a power of two divides back to itself."""
NEAR = 0.0003
"""How near to the evidence samples come: its smallest term is a hundredth of it."""
WHAT = ("events", "errors")


@dataclass(frozen=True)
class Share:
    """One share: its name in series, how it is counted, and what is allowed (0..1)."""

    bench: Bench
    name: str
    sli: CounterSli
    allowed: float

    @property
    def tile(self) -> int:
        """Interval of its rules, ms."""
        return self.bench.setting.timing.tile

    @property
    def tier(self) -> burn.Tier:
        """The windows, fitted to the rules' pace and to what is allowed."""
        timing = self.bench.setting.timing
        (found,) = burn.fit(
            burn.STANDARD[:1], period=PERIOD, budget_ratio=self.allowed, tile=timing.tile, slow_tile=timing.slow
        )
        return found

    @property
    def limit(self) -> float:
        """The share, 0..1, that fires."""
        return self.tier.burn_rate(PERIOD) * self.allowed

    def total(self, what: str, window: int) -> str:
        """Return a read of a window's count."""
        return self.bench.read(names.share_sum(self.name, what, window), pace=self.tile)

    def facts(self) -> Facts:
        """Return what counting needs to know, as of an objective."""
        setting = self.bench.setting
        return Facts(
            name=self.bench.item.name, title="", owner="", service=setting.service, objective=1 - self.allowed,
            budget_ratio=self.allowed, period=rolling(PERIOD), tiers=(), sli=self.sli, timing=setting.timing,
            labels=self.bench.labels, severities=setting.severities, weighting="events", low_traffic=LowTraffic(),
            keep_firing=0, on_no_traffic="ignore", on_no_data="ignore", collapse=0,
        )  # fmt: skip

    def tile_rules(self) -> Iterator[RecordingRule]:
        """Yield the exact counts of one interval; errors take their zeros from the events before them."""
        events, errors = (names.share_tile(self.name, what, self.tile) for what in WHAT)
        found = self.sli.tiles(self.facts().context(zero=self.sli.aggregate(self.bench.ref(events))))
        yield self.bench.rule(events, found.events, f"of {self.name}")
        yield self.bench.rule(errors, found.errors, f"of {self.name}")

    def sum_rules(self) -> Iterator[RecordingRule]:
        """Yield the counts over both windows."""
        for window in (self.tier.long, self.tier.short):
            for what in WHAT:
                tiles = self.bench.over_tiles(names.share_tile(self.name, what, self.tile), window)
                yield self.bench.rule(names.share_sum(self.name, what, window), tiles, f"of {self.name}")

    def condition(self) -> str:
        """Return the condition; its value is the share in the long window."""
        (n, e), short = (self.total(what, self.tier.long) for what in WHAT), self.tier.short
        limit, allowed = literal(self.limit), literal(self.allowed)
        return (
            f"{e} / {n} > {limit}\n"
            f"and\n{self.total('errors', short)} / {self.total('events', short)} > {limit}\n"
            f"and\n{e} * ln({e} / ({allowed} * {n})) - {e} + {allowed} * {n} > {literal(EVIDENCE)}"
        )

    def scenarios(self, alert: Alert) -> Iterator[Scenario]:
        """Yield scenarios of the counts, the sums and each condition."""
        yield from self._counts()
        tier, timing = self.tier, self.bench.setting.timing
        pace = max(self.tile, min(round_up(tier.long / MANY, self.tile), tier.short // 2 // self.tile * self.tile))
        half = round_up((tier.long + 4 * timing.slow) / 2, pace)
        yield self._sums("early", half, drifting(self.facts(), pace, 2 * half // pace), (tier.long, tier.short))
        if timing.lag and self.tile % timing.lag == 0:
            yield self._sums("on the edge", tier.short, timing.lag, (tier.short,))
        long, short, proof = self.tier.long, self.tier.short, Proof(self.bench)
        n1, n5, e1, e5 = (names.share_sum(self.name, what, w) for what in WHAT for w in (long, short))
        base: dict[str, float | None] = {n1: ROUND, n5: ROUND, e1: ROUND, e5: ROUND}
        limit = float(literal(self.limit))
        share = min(0.95, max(2 * limit, (1 + limit) / 2 if limit > 0.45 else 0))
        few = EVIDENCE / burn.evidence(share, 1, float(literal(self.allowed)))
        for edge in (
            Edge(e1, limit * ROUND),
            Edge(e5, limit * ROUND),
            Edge(e1, share * few, exact=False, just=NEAR, others=((n1, few),)),
        ):
            yield proof.edge(alert, edge, base, step=self.tile)
        idle = {n1: [0.0] * 4, n5: [0.0] * 4, e1: [0.0] * 4, e5: [0.0] * 4}
        yield proof.timeline(alert, "nothing happens without events", idle, [False] * 4, step=self.tile)

    def _counts(self) -> Iterator[Scenario]:
        """Histories of objectives, with everything that happens to counters; the series have this item's names."""
        facts = self.facts()
        renamed = {conventions.tile(what, self.tile): names.share_tile(self.name, what, self.tile) for what in WHAT}
        item = self.bench.item
        own = ((conventions.SERVICE, self.bench.setting.service), (item.label, item.name))
        for scenario in inputs.scenarios(facts):
            records = tuple(replace(r, record=renamed[r.record], labels=own) for r in scenario.records)
            yield replace(scenario, name=f"{self.name} of {scenario.name}", records=records)

    def _sums(self, where: str, half: int, step: int, windows: tuple[int, ...]) -> Scenario:
        """Rising counts, whose samples come ever earlier before two looks, or just where sums begin and end."""
        timing, tile, proof = self.bench.setting.timing, self.tile, Proof(self.bench)
        count, group = 2 * half // step + 1, proof.groups()[0]
        series, records = [], []
        for k, what in enumerate(WHAT):
            samples = [float((7 - 4 * k) * (i + 1)) for i in range(count)]
            series.append(Series(names.share_tile(self.name, what, tile), proof.labels(group), values(list(samples))))
            for at in (half, 2 * half):
                for window in windows:
                    total = sum(samples[i] for i in samples_in(window, step, at - timing.lag))
                    records.append(proof.holds(names.share_sum(self.name, what, window), at, [(group, total)]))
        name = f"{self.bench.item.name}: sums of {self.name}, samples {where}"
        return Scenario(name, "tiles", step, half, tuple(series), records=tuple(records))


def windows_of(share: Share) -> str:
    """Return the windows for people: 1h and 5m."""
    return f"{format_duration(share.tier.long)} and {format_duration(share.tier.short)}"
