"""Tiles to sums: roll-ups and the shorter windows, from samples that show where reads begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import HOUR, MINUTE, SECOND, round_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Records, Scenario

DENSE_PACE = 10 * MINUTE


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the sums over fast tiles: a few of them to the tick, the longer ones at a coarser pace."""
    fast = [length for (_, length), slow in stage.ledger.slow_of.items() if not slow]
    whats = (names.SPEND, *(what for what, _ in stage.ledger.counted))
    short = [length for length in (stage.slow, *fast) if length <= HOUR]
    yield _sums(stage, "sums of a few tiles", short, max(stage.tile, stage.slow // 2), whats)
    if longer := [length for length in fast if length > HOUR]:
        yield _sums(stage, "sums of many tiles", longer, max(stage.tile, DENSE_PACE), (names.SPEND,))


def beside(stage: Stage) -> Iterator[Scenario]:
    """Yield the sums over slow tiles of what is counted beside the spending."""
    lengths = [(what, length) for (what, length), slow in stage.ledger.slow_of.items() if slow and what != names.SPEND]
    if not lengths:
        return
    longest = max(length for _, length in lengths)
    step, pace = stage.slow - 2 * SECOND, round_up(longest / 24, stage.slow)
    last = round_up(longest + 3 * pace, pace)
    played = {what: histories(stage, last // step + 1, what) for what, _ in stage.ledger.counted}
    times = sorted({round_up(longest // 2, pace), last - pace, last, *_telling(stage, step, pace, last)})
    expected = [
        stage.records(
            names.window_sum(what, length),
            at,
            [(g, sum(v[i] for i in stage.inside(length, step, at))) for g, v in played[what]],
        )
        for at in times
        for what, length in lengths
    ]
    series = [stage.series(names.tile(w, stage.slow), g, v) for w, found in played.items() for g, v in found]
    yield stage.scenario("sums of what stands beside", "tiles", step, pace, series, records=expected)


def histories(stage: Stage, count: int, what: str) -> list[tuple[Group, list[float]]]:
    """Return ramps by group, of whole numbers, no two of them in proportion."""
    if what != names.SPEND:
        return [({}, [float(7 + 3 * i) for i in range(count)])]
    return [(g, [float(1000 * (n + 1) + (n + 2) * i) for i in range(count)]) for n, g in enumerate(stage.groups)]


def _sums(stage: Stage, name: str, lengths: list[int], pace: int, whats: tuple[str, ...]) -> Scenario:
    step = stage.tile * 29 // 30
    last = round_up(max(lengths) + 3 * pace, pace)
    played = {what: histories(stage, last // step + 1, what) for what in whats}
    times = sorted({round_up(max(lengths) // 2, pace), last - pace, last, *_telling(stage, step, pace, last)})
    expected: list[Records] = []
    for at in times:
        for what, found in played.items():
            if stage.slow in lengths:
                sums = [(g, sum(v[i] for i in stage.inside(stage.slow, step, at))) for g, v in found]
                expected.append(stage.records(names.tile(what, stage.slow), at, sums))
            for length in lengths:
                if stage.ledger.slow_of.get((what, length)) is False:
                    sums = [(g, sum(v[i] for i in stage.inside(length, step, at))) for g, v in found]
                    expected.append(stage.records(names.window_sum(what, length), at, sums))
    series = [stage.series(names.tile(w, stage.tile), g, v) for w, found in played.items() for g, v in found]
    return stage.scenario(name, "tiles", step, pace, series, records=expected)


def _telling(stage: Stage, step: int, pace: int, last: int) -> Iterator[int]:
    """Yield evaluations just after a sample: within half the lag, and between that and twice the lag."""
    wanted = [(0, stage.lag // 2), (stage.lag // 2, stage.lag), (stage.lag, 2 * stage.lag)]
    for at in range(last, 0, -pace):
        after = at % step
        for bounds in wanted:
            if bounds[0] <= after < bounds[1]:
                wanted.remove(bounds)
                yield at
                break
