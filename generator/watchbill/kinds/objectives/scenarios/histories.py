"""Everything that happens to counters, and to what is looked at now and then."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from watchbill.durations import HOUR, MINUTE, SECOND
from watchbill.kinds.slis.base import CounterSli
from watchbill.kinds.slis.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts

TILES = 12


def sample_step(facts: Facts) -> int:
    """Return a scrape interval (ms) that divides the tile and is finer than how late it reads, so that both show."""
    return gcd(facts.timing.tile, max(SECOND, facts.sli.lateness(facts.context(zero="")) // 2))


def base(facts: Facts) -> History:
    """Return rising traffic, and errors now and then."""
    step = sample_step(facts)
    count = TILES * facts.timing.tile // step + 1
    return History(
        step=step,
        events=(1000.0, *(float(10 + i) for i in range(1, count))),
        errors=(300.0, *(float(i % 7) for i in range(1, count))),
        lazy_errors=False,
    )


def histories(facts: Facts) -> Iterator[tuple[str, History]]:
    """Yield the histories by name."""
    plain = base(facts)
    count = len(plain.events)
    if facts.sli.samples_slots:
        yield from _slots(plain.step, count)
        if facts.sli.inertia:
            yield "nothing to measure", History(plain.step, (0.0,) * count, (0.0,) * count)
        return
    counts = isinstance(facts.sli, CounterSli) and facts.sli.new_series == "count"
    middle = count // 2
    yield "rising traffic and errors", plain
    yield "idle: no events", replace(plain, events=(50.0,) + (0.0,) * (count - 1), errors=(0.0,) * count)
    if counts:
        late = (0.0,) * (middle + 1) + tuple(float(i % 5 + 1) for i in range(middle + 1, count))
        yield "no error series yet, then its first error", replace(plain, errors=late, lazy_errors=True)
        bad = tuple(n or 0.0 for n in plain.events[: middle + 1]) + (0.0,) * (count - middle - 1)
        yield "no good event yet, then its first", replace(plain, errors=bad, lazy_good=True)
    else:
        yield "no errors at all", replace(plain, errors=(0.0,) * count)
        yield "nothing good at all", replace(plain, errors=tuple(n or 0.0 for n in plain.events), lazy_good=True)
    doomed = tuple(n or 0.0 if i > middle else 0.0 for i, n in enumerate(plain.events))
    yield "all is well, then nothing is", replace(plain, errors=doomed)
    yield "counter reset", _restarted(facts, plain)
    gone = tuple(None if i > middle else n for i, n in enumerate(plain.events))
    yield "series vanished", replace(plain, events=gone)
    bridge = facts.timing.bridge
    yield "down for a while, which is made up for", down(facts, plain, bridge * 2 // 3)
    back = down(facts, plain, bridge * 2 // 3, again=2)
    yield "down for a while, restarted, and down again", back
    if bridge <= HOUR:
        yield "down for longer than counters are bridged", down(facts, plain, bridge + 10 * MINUTE)


def _restarted(facts: Facts, base: History) -> History:
    """Return a restart amid the first tile that counts in full; nothing happened between that tile's begin and it.

    (What a process counted after its last scrape is lost to any tool.) Counters end just below what they were, and
    above the mean of what they were: only the newest value tells a restart.
    """
    tile, settle, step = facts.timing.tile, facts.timing.settle, base.step
    begin = -(-settle // tile) * tile - settle
    first = begin // step + 1
    again = first + tile // step // 2
    last = (begin + tile) // step
    events, errors = [v or 0.0 for v in base.events], list(base.errors)
    for of, short in ((events, 2), (errors, 1)):
        of[first:again] = [0.0] * (again - first)
        of[again] = sum(of[:first]) - short - sum(of[again + 1 : last + 1])
    return replace(base, events=tuple(events), errors=tuple(errors), resets=frozenset({again}))


def down(facts: Facts, base: History, length: int, again: int = 0) -> History:
    """Return a target that is down for `length` ms; if `again`, a restarted one is down again after so many samples."""
    count, step = len(base.events), base.step
    begin = count // 2
    end = begin + length // step
    while (end * step + facts.timing.settle - 1) % facts.timing.tile >= step:
        end += 1
    after: list[float | None] = [float(50 + i) for i in range(count)]
    if again:
        after[again : again + facts.timing.tile // step] = [None] * (facts.timing.tile // step)
    return replace(
        base,
        events=(*base.events[:begin], *(None,) * (end - begin), *after),
        errors=(
            *base.errors[:begin],
            *(0.0,) * (end - begin),
            *(0.0 if n is None else float(i % 3) for i, n in enumerate(after)),
        ),
        resets=frozenset({end} if again else ()),
        down=True,
    )


def _slots(step: int, count: int) -> Iterator[tuple[str, History]]:
    middle = count // 2
    errors = tuple(1.0 if i > middle and i % 9 < 5 else 0.0 for i in range(count))
    yield "good, then flapping", History(step, (1.0,) * count, errors)
    yield "bad throughout", History(step, (1.0,) * count, (1.0,) * count)
    gone = tuple(1.0 if i <= middle else None for i in range(count + 400_000 // step))
    yield "series vanished", History(step, gone, (0.0,) * len(gone))
