"""Scenarios of capacity kinds: input series of two targets and groups, and timelines around each condition's limit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import SECOND, round_up
from watchbill.kinds.capacity.base import LOOKBACK
from watchbill.kinds.setting import stale_read
from watchbill.kinds.slis.exposition import pinned
from watchbill.kinds.slis.history import values
from watchbill.model import Fires, Records, Scenario, Series
from watchbill.promql import Selector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from watchbill.kinds.capacity.base import Bench
    from watchbill.model import Alert, Labels

Samples = list[float | None]
JUST = 0.02
"""How far over and under a limit "just" is."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A condition of an alert: the series it looks at, its limit, and on which side it holds.

    `exact`: a sample can be the very limit; otherwise none is tried. `just`: how near it samples come. `others` are
    what further series hold meanwhile, where this differs from what the alert's edges share.
    """

    record: str
    limit: float
    above: bool = True
    equal: bool = False
    exact: bool = True
    just: float = JUST
    others: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class Proof:
    """Builds scenarios of one item."""

    bench: Bench

    @property
    def pace(self) -> int:
        """Interval of the rules, ms."""
        return self.bench.pace

    @staticmethod
    def linger(pace: int) -> int:
        """Return for how long (ms) after its last sample a series recorded at a pace is still read."""
        return stale_read(pace) if 2 * pace > LOOKBACK else 0

    def groups(self) -> list[dict[str, str]]:
        """Return up to two label sets the item is kept for, that its selectors and allow-lists let through."""
        out: list[dict[str, str]] = [{}, {}]
        for label in self.bench.item.kept:
            found = list(label.values) or self._values(label.name)
            for i, group in enumerate(out):
                group[label.name] = found[min(i, len(found) - 1)]
        return out if out[0] != out[1] else out[:1]

    def _values(self, name: str) -> list[str]:
        matchers = tuple(m for i in self.bench.item.inputs() for m in i.selector.on([name]))
        first = Selector("x", matchers).example(fixed={} if matchers else {name: f"{name}-1"}) or {}
        tries = (f"{name}-1", f"{name}-2", "a", "b", *(m.value for m in matchers), first.get(name, ""))
        fitting = [v for v in dict.fromkeys(tries) if v and all(m.matches({name: v}) for m in matchers)]
        return fitting or [first.get(name, f"{name}-1")]

    def labels(self, group: Mapping[str, str], extra: Labels = ()) -> Labels:
        """Return the labels of a recorded series."""
        return tuple(sorted({**dict(self.bench.labels), **group, **dict(extra)}.items()))

    def recorded(self, record: str, samples: Sequence[float | None], group: Mapping[str, str] | None = None) -> Series:
        """Return a recorded series as input, of the first group unless told otherwise."""
        return Series(record, self.labels(self.groups()[0] if group is None else group), ending(samples))

    def firing(self, alert: Alert, group: Mapping[str, str] | None = None, extra: Labels = ()) -> Labels:
        """Return the labels of the alert as it fires."""
        severity = dict(alert.labels)[conventions.SEVERITY].replace('{{ "{{" }}', "{{")
        own = ((conventions.SEVERITY, severity), *extra)
        return self.labels(self.groups()[0] if group is None else group, own)

    def holds(
        self, record: str, at: int, found: Sequence[tuple[Mapping[str, str], float]], extra: Labels = ()
    ) -> Records:
        """Return the expectation that a recorded family has exactly these samples at `at` ms."""
        item = self.bench.item
        own = ((conventions.SERVICE, self.bench.setting.service), (item.label, item.name))
        return Records(record, own, at, tuple((self.labels(g, extra), v) for g, v in found))

    def info(self, at: int) -> Records:
        """Return the expectation of the series that names the item."""
        rule = self.bench.info()
        own = {**dict(self.bench.labels), **dict(rule.labels)}
        return self.holds(rule.record, at, [({}, 1.0)], tuple(own.items()))

    def exposed(
        self, selector: Selector, group: Mapping[str, str], *targets: Sequence[float | None]
    ) -> tuple[Series, ...]:
        """Return input series of one or more targets; of one that has the sum where a selector pins the instance."""
        fixed = pinned(selector, group)
        labels = selector.example(fixed=fixed)
        if labels is None:
            return ()
        out = []
        for i, samples in enumerate(targets):
            own = {**labels, "instance": labels["instance"] if i == 0 else f"instance-{i + 1}"}
            if i and not selector.matches(own):
                break
            out.append(Series(selector.metric, tuple(sorted(own.items())), values(list(samples))))
        return tuple(out)

    def timeline(
        self,
        alert: Alert,
        about: str,
        series: Mapping[str, Sequence[float | None]],
        active: Sequence[bool],
        *,
        level: str = "windows",
        extra: Labels = (),
        group: Mapping[str, str] | None = None,
        step: int = 0,
        unsure: int = 0,
    ) -> Scenario:
        """Return the scenario in which the alert's condition holds at the `active` evaluations, one each `step` ms.

        Of the `unsure` ones before the last nothing is said: 2.x and 3.x see what is just out of range differently.
        """
        step = step or self.pace
        fires = _firing(active, round_up(alert.pending, step) // step, alert.keep_firing // step)
        labels = (self.firing(alert, group, extra),)
        looks = {i + k for i, (was, now) in enumerate(pairwise(fires)) for k in (0, 1) if was != now}
        looks |= {i for i, (was, now) in enumerate(pairwise(active)) if was != now} | {len(active) - 1}
        looks -= set(range(len(active) - 1 - unsure, len(active) - 1)) if unsure else set()
        return Scenario(
            name=f"{alert.name}: {about}",
            level=level,
            step=step,
            evaluation=step,
            series=tuple(self.recorded(record, samples, group) for record, samples in series.items()),
            fires=tuple(Fires(alert.name, i * step, labels if fires[i] else ()) for i in sorted(looks)),
        )

    def edge(
        self,
        alert: Alert,
        edge: Edge,
        base: Mapping[str, float | None],
        *,
        level: str = "windows",
        step: int = 0,
        group: Mapping[str, str] | None = None,
    ) -> Scenario:
        """Return the timeline in which only this condition binds: under, at and over its limit, twice, then nothing."""
        step = step or self.pace
        linger = self.linger(step)
        length = round_up(alert.pending, step) // step + (4 if linger else 2)
        way = 1 if edge.above else -1
        just = abs(edge.limit) * edge.just or edge.just
        over, under = edge.limit + way * just, edge.limit - way * just
        phases = (
            (under, False),
            (edge.limit if edge.exact else under, edge.equal),
            (over, True),
            (under, False),
            (over, True),
        )
        tail = linger // step + 2
        samples: Samples = [v for v, _ in phases for _ in range(length)] + [None] * tail
        if linger:  # a rule that is late once does not end it
            samples[-tail - 2 : -tail] = [None, None]
            samples[-tail - 1] = over
        active = [a for _, a in phases for _ in range(length)] + [False] * tail
        held = {**base, **dict(edge.others)}
        held.pop(edge.record, None)
        rest = {r: [v] * (5 * length) + [None] * tail for r, v in held.items() if v is not None}
        word = "above" if edge.above else "below"
        about = f"{edge.record} just {word} {edge.limit:.6g} fires, on its own and for long enough"
        shown = {edge.record: samples, **rest}
        return self.timeline(
            alert, about, shown, active, level=level, step=step, unsure=tail - 1 if linger else 0, group=group
        )


def ending(samples: Sequence[float | None]) -> str:
    """Return samples of a recorded series: where it ends, Prometheus writes so, and instant reads see it at once."""
    first, *rest = values(list(samples)).split(" ")
    out = [first]
    for token in rest:
        gap = re.fullmatch(r"_(?:x(\d+))?", token)
        more = int(gap[1] or 1) - 1 if gap else 0
        out += [token] if gap is None else ["stale", *([f"_x{more}"] if more > 1 else ["_"] * more)]
    return " ".join(out)


def _firing(active: Sequence[bool], pending: int, kept: int) -> list[bool]:
    """Return at which evaluations an alert fires; `pending` and `kept` in evaluations."""
    out, since, last = [], None, -1
    for i, holds in enumerate(active):
        if holds:
            since, last = i if since is None else since, i
        elif since is not None and not (last - since >= pending and i - last < kept):
            since = None
        out.append(since is not None and (i if holds else last) - since >= pending)
    return out


def rate_of(samples: Sequence[float | None], step: int, at: int, window: int) -> float:
    """Return what `rate(x[window])` gives at `at` ms, per second, for a counter with a sample each `step` ms.

    Far from 0 at its first sample the extrapolation cancels out: growth over the time between first and last sample.
    """
    inside = [(i, v) for i, v in enumerate(samples) if at - window < i * step <= at and v is not None]
    grown = sum(b - a if b >= a else b for (_, a), (_, b) in pairwise(inside))
    return grown / ((inside[-1][0] - inside[0][0]) * step / SECOND)
