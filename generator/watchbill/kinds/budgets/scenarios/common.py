"""What the scenario families share: groups, labels, series, and which samples a read sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from watchbill import conventions, spending
from watchbill.conventions import budgets as names
from watchbill.durations import DAY, SECOND
from watchbill.kinds.slis.history import values
from watchbill.model import Fires, Records, Scenario, Series
from watchbill.promql import Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.model import Alert, Labels

Group = dict[str, str]
SHARES = (0.5, 0.375, 0.125)
"""How groups divide what is spent together: exact in binary, and no two of them add up to the third."""
MOST_GROUPS = 3


@dataclass(frozen=True)
class Stage:
    """A budget on which histories are played. Times in ms."""

    ledger: Ledger

    @property
    def lag(self) -> int:
        """How late sums over tiles are read."""
        return self.ledger.setting.timing.lag

    @property
    def tile(self) -> int:
        """The interval of tiles."""
        return self.ledger.setting.timing.tile

    @property
    def slow(self) -> int:
        """The interval of slow tiles."""
        return self.ledger.setting.timing.slow

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Return up to three label sets that spending is kept by: listed ones and `other`, or any."""
        lists = []
        for name, listed in self.ledger.listed:
            found = [*listed[:2], names.OTHER] if listed else _any_values(self.ledger.item.counter, name)
            lists.append([(name, value) for value in found])
        return tuple(dict(one) for one in product(*lists))[:MOST_GROUPS]

    @cached_property
    def judged(self) -> tuple[Group, ...]:
        """Return the groups that have an allowance."""
        if not isinstance(self.ledger.item.allowance, tuple):
            return self.groups
        named = {group[0][1] for group, _ in self.ledger.allowances}
        return tuple(g for g in self.groups if g[self.ledger.group_names[0]] in named)

    @property
    def pots(self) -> tuple[Group, ...]:
        """Return the label sets that an allowance is kept by."""
        return ({},) if self.ledger.shared else self.judged

    def allowance(self, group: Mapping[str, str]) -> float:
        """Return the allowance of a group."""
        for labels, amount in self.ledger.allowances:
            if all(group.get(k) == v for k, v in labels):
                return amount.value
        raise KeyError(str(group))

    def parts(self, share: float) -> list[tuple[Group, float]]:
        """Return what each group spends so that the first pot has spent this share of its allowance.

        Others have spent an eighth of that.
        """
        groups = self.groups
        if self.ledger.shared:
            total = share * self.allowance({})
            cut = [*SHARES[: len(groups) - 1]]
            return [(g, total * s) for g, s in zip(groups, [*cut, 1 - sum(cut)], strict=True)]
        return [
            (g, (share if g == self.pots[0] else share / 8) * self.allowance(g)) for g in groups if g in self.judged
        ]

    def settled(self, at: int) -> bool:
        """Return whether all that is read at `at` ms is of the period that it lies in."""
        if not self.ledger.period.is_calendar:
            return True
        since = spending.elapsed(self.ledger.kind_of_period, (at - SECOND) / DAY)
        return since >= self.ledger.settling / DAY

    def remaining(self, at: int) -> float:
        """Return the days that are left of a calendar period at `at` ms."""
        kind, now = self.ledger.kind_of_period, (at - SECOND) / DAY
        return spending.days(kind, now) - spending.elapsed(kind, now)

    def labels(self, group: Mapping[str, str], extra: Labels = ()) -> Labels:
        """Return the labels of a recorded series, or of an alert."""
        return tuple(sorted({**dict(self.ledger.labels), **group, **dict(extra)}.items()))

    def series(self, record: str, group: Mapping[str, str], samples: Sequence[float | None]) -> Series:
        """Return a recorded series as input."""
        return Series(record, self.labels(group), values(list(samples)))

    def records(
        self, record: str, at: int, found: Iterable[tuple[Group, float]], extra: Labels = (), tolerance: float = 1e-9
    ) -> Records:
        """Return the expectation that a recorded family has exactly these samples at `at` ms."""
        own = ((conventions.SERVICE, self.ledger.setting.service), (self.ledger.item.label, self.ledger.item.name))
        return Records(record, own, at, tuple((self.labels(g, extra), v) for g, v in found), tolerance)

    def fires(self, alert: str, at: int, firing: Iterable[Mapping[str, str]]) -> Fires:
        """Return the expectation that an alert fires for these groups."""
        own = next(a for a in self.alerts if a.name == alert)
        labels = {k: v.replace('{{ "{{" }}', "{{") for k, v in own.labels}
        return Fires(alert, at, tuple(tuple(sorted({**labels, **g}.items())) for g in firing))

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Every alert of the budget."""
        from watchbill.kinds.budgets.lower import rule_files  # noqa: PLC0415 - the lowering reads the scenarios

        return tuple(a for file in rule_files(self.ledger) for a in file.alerts())

    def inside(self, length: int, step: int, at: int) -> range:
        """Return the indices of samples, one each `step` ms, that a sum over tiles of `length` ms adds up at `at`."""
        end = at - self.lag
        return range(max(0, (end - length) // step + 1), end // step + 1)

    def scenario(
        self,
        name: str,
        level: str,
        step: int,
        evaluation: int,
        series: Iterable[Series],
        fires: Iterable[Fires] = (),
        records: Iterable[Records] = (),
    ) -> Scenario:
        """Return a scenario of the budget."""
        title = f"{self.ledger.item.name}: {name}"
        return Scenario(title, level, step, evaluation, tuple(series), tuple(fires), tuple(records))


def _any_values(counter: Selector, name: str) -> list[str]:
    matchers = counter.on([name])
    tries = (f"{name}-1", f"{name}-2", *(m.value for m in matchers))
    found = [v for v in dict.fromkeys(tries) if v and all(m.matches({name: v}) for m in matchers)]
    example = Selector("x", matchers).example() or {}
    return found or [example.get(name, f"{name}-1")]


def runs(timeline: Iterable[tuple[float, int]]) -> Iterator[float]:
    """Yield values, each as often as it says."""
    for value, count in timeline:
        yield from [value] * count
