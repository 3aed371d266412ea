"""Counters to tiles: each group's exact gain, on histories with everything that happens to counters."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import HOUR, MINUTE, SECOND
from watchbill.kinds.slis.exposition import INSTANCE, pinned, series
from watchbill.kinds.slis.history import History, steady

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Labels, Records, Scenario, Series
    from watchbill.promql import Selector

TILES = 12
STRANGER = "nobody-listed-this"


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the histories; none where no label set fits the counter's matchers."""
    for name, history in _histories(stage):
        found = _scenario(stage, name, history)
        if found is not None:
            yield found
    for copies, (what, selector) in enumerate(stage.ledger.counted, start=2):
        for name, history in _histories(stage):
            found = _beside(stage, what, selector, copies, (name, history))
            if found is not None:
                yield found


def step_of(stage: Stage) -> int:
    """Return a scrape interval (ms) that divides the tile and shows how late it is read."""
    return gcd(stage.tile, max(SECOND, stage.ledger.setting.timing.settle // 2))


def base(stage: Stage) -> History:
    """Return a counter that rises ever faster."""
    step = step_of(stage)
    count = TILES * stage.tile // step + 1
    return History(step, (1000.0, *(float(10 + i) for i in range(1, count))), (0.0,) * count)


def _histories(stage: Stage) -> Iterator[tuple[str, History]]:
    plain = base(stage)
    count, bridge = len(plain.events), stage.ledger.setting.timing.bridge
    middle = count // 2
    yield "rising", plain
    yield "idle", replace(plain, events=(50.0,) + (0.0,) * (count - 1))
    yield "restarted", _restarted(stage, plain)
    gone = tuple(None if i > middle else n for i, n in enumerate(plain.events))
    yield "vanished", replace(plain, events=gone)
    if stage.ledger.item.new_series == "count":
        late = tuple(None if i <= middle else n for i, n in enumerate(plain.events))
        yield "appeared", replace(plain, events=late)
    yield "down for a while, which is made up for", _down(stage, plain, bridge * 2 // 3)
    yield "down for a while, restarted, and down again", _down(stage, plain, bridge * 2 // 3, again=2)
    if bridge <= HOUR:
        yield "down for longer than counters are bridged", _down(stage, plain, bridge + 10 * MINUTE)


def _restarted(stage: Stage, plain: History) -> History:
    """Return a restart amid a tile that counts in full: nothing happened between that tile's begin and it."""
    settle, step = stage.ledger.setting.timing.settle, plain.step
    begin = -(-settle // stage.tile) * stage.tile - settle
    first = begin // step + 1
    again = first + stage.tile // step // 2
    last = (begin + stage.tile) // step
    events = [v or 0.0 for v in plain.events]
    events[first:again] = [0.0] * (again - first)
    events[again] = sum(events[:first]) - 2 - sum(events[again + 1 : last + 1])
    return replace(plain, events=tuple(events), resets=frozenset({again}))


def _down(stage: Stage, plain: History, length: int, again: int = 0) -> History:
    """Return a target that is down for `length` ms; if `again`, a restarted one is down again after so many samples."""
    count, step = len(plain.events), plain.step
    begin = count // 2
    end = begin + length // step
    while (end * step + stage.ledger.setting.timing.settle - 1) % stage.tile >= step:
        end += 1
    after: list[float | None] = [float(50 + i) for i in range(count)]
    if again:
        after[again : again + stage.tile // step] = [None] * (stage.tile // step)
    events = (*plain.events[:begin], *(None,) * (end - begin), *after)
    resets = frozenset({end} if again else ())
    return replace(plain, events=events, errors=(0.0,) * len(events), resets=resets, down=True)


def shown(stage: Stage, history: History, group: Group) -> tuple[Series, ...] | None:
    """Return the counter of a group, with labels that nobody listed where the group is `other`."""
    ledger = stage.ledger
    fixed = dict(group)
    for name, listed in ledger.listed:
        if listed and fixed[name] == names.OTHER:
            fixed[name] = STRANGER
    labels = ledger.item.counter.example(fixed={**pinned(ledger.item.counter, fixed), **fixed})
    if labels is None:
        return None
    events, _, _ = history.counters()
    return ledger.item.counting.exposed(
        ledger.item.counter, history, fixed, (series(ledger.item.counter, labels, events),)
    )


def _scenario(stage: Stage, name: str, history: History) -> Scenario | None:
    """The first and the last group have the history, those between carry on while the target is up.

    A second target of the first history shows that series are added up.
    """
    healthy = steady(len(history.events), history.step, 7)
    if history.down:
        alive = tuple(None if n is None else h for n, h in zip(history.events, healthy.events, strict=True))
        healthy = replace(healthy, events=alive, down=True)
    played = [(g, history if g in (stage.groups[0], stage.groups[-1]) else healthy) for g in stage.groups]
    inputs: dict[tuple[str, object], Series] = {}
    for group, one in played:
        found = shown(stage, one, group)
        if found is None:
            return None
        inputs.update({(s.name, s.labels): s for s in found})
    copies = _copies(inputs.values()) if name == "rising" else ()
    times = 2 if copies else 1
    context, counting = stage.ledger.context(), stage.ledger.item.counting
    expected = []
    for at in _times(stage, history):
        truths = [(g, counting.truth(one, context, at)) for g, one in played]
        seen = [(g, times * truth.events) for g, truth in truths if truth is not None]
        expected.append(stage.records(names.tile(names.SPEND, stage.tile), at, seen, tolerance=1e-7))
    if stage.ledger.item.alerts.resets != "off" and name in {"rising", "restarted"}:
        last = (len(history.events) - 1) * history.step // stage.tile * stage.tile
        expected.append(stage.records(names.RESETS, last, [({}, float(len(history.resets)))]))
    return stage.scenario(f"counters: {name}", "raw", history.step, stage.tile, (*inputs.values(), *copies),
                          records=expected)  # fmt: skip


def _copies(listed: Iterable[Series]) -> tuple[Series, ...]:
    """Return the same series of a second target; none where something pins the instance."""
    found = []
    for one in listed:
        labels = dict(one.labels)
        if labels.get("instance") != INSTANCE["instance"]:
            return ()
        found.append(replace(one, labels=tuple(sorted({**labels, "instance": "instance-2"}.items()))))
    return tuple(found)


def restless(stage: Stage) -> Iterator[Scenario]:
    """Yield how often counters fell: one twice, another once, just before and after what is read of an hour."""
    step, settle = step_of(stage), stage.ledger.setting.timing.settle
    if stage.ledger.item.alerts.resets == "off":
        return
    count = 4 * stage.tile // step + 1
    falls = {(stage.tile - settle // 2) // step, (2 * stage.tile - settle * 3 // 2) // step}
    series_of: list[Series] = []
    for group, own in ((stage.groups[0], falls), (stage.groups[-1], set(list(falls)[:1]))):
        history = History(step, (9.0, *(1.0,) * (count - 1)), (0.0,) * count, frozenset(own))
        found = shown(stage, history, group)
        if found is None:
            return
        series_of += found
    expected = []
    for n in range(1, 4):
        first, last = 1, (n * stage.tile - settle) // step
        seen = float(sum(first <= fall <= last for fall in falls))
        expected.append(stage.records(names.RESETS, n * stage.tile, [({}, seen)]))
    inputs: dict[tuple[str, Labels], Series] = {}
    for one in series_of:  # where there is one group only, it is the one that falls twice
        inputs.setdefault((one.name, one.labels), one)
    yield stage.scenario("counters: restless", "raw", step, stage.tile, inputs.values(), records=expected)


def _beside(stage: Stage, what: str, selector: Selector, copies: int, played: tuple[str, History]) -> Scenario | None:
    """What is counted beside the spending, over so many series."""
    (name, history), found = played, []
    events, _, _ = history.counters()
    own = selector.example(fixed=pinned(selector, {}))
    if own is None:
        return None
    for n in range(1, copies + 1):
        labels = {**own, "series": str(n)}
        found.append(series(selector, labels, events))
    exposed = stage.ledger.item.counting.exposed(selector, history, {}, tuple(found))
    if exposed is None:
        return None
    expected: list[Records] = []
    for at in _times(stage, history):
        truth = stage.ledger.item.counting.truth(history, stage.ledger.context(), at)
        seen: list[tuple[Group, float]] = [] if truth is None else [({}, copies * truth.events)]
        expected.append(stage.records(names.tile(what, stage.tile), at, seen, tolerance=1e-7))
    return stage.scenario(f"counters: {what}, {name}", "raw", history.step, stage.tile, exposed, records=expected)


def _times(stage: Stage, history: History) -> list[int]:
    """Return tile boundaries to look at; none whose tile begins just at the last sample before a hole (2.x, 3.x)."""
    tile, settle = stage.tile, stage.ledger.setting.timing.settle
    last = (len(history.events) - 1) * history.step // tile
    pairs = list(zip(history.events, history.events[1:], strict=False))
    changes = {i for i, (a, b) in enumerate(pairs) if (a is None) != (b is None)} | set(history.resets)
    near = {-(-(i * history.step + settle) // tile) + k for i in changes for k in (0, 1)}
    edges = {i * history.step + settle + tile for i, (a, b) in enumerate(pairs) if a is not None and b is None}
    listed = sorted({1, 2, last // 2, last - 1, last} | near)
    return [tile * i for i in listed if 0 < i <= last and tile * i not in edges]
