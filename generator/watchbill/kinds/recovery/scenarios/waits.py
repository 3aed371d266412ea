"""Alerts that wait: attempts that go on failing, copies that nobody has seen, and ones that nobody restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import SECOND
from watchbill.kinds.recovery.reads import REMEMBERED
from watchbill.kinds.recovery.restores import NEVER_PENDING
from watchbill.kinds.recovery.scenarios.common import Copy, Samples, copies, firing, hold_steps, labels, series
from watchbill.kinds.recovery.upkeep import BLIND_FOR_ROUNDS, expected
from watchbill.model import Fires, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Labels

LATE = 1e6
"""A Unix time before which nothing happened: ages must not reach below 1970."""


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield the scenarios of alerts with a pause before they fire."""
    yield _failing(reads)
    if reads.item.on_no_data != "ignore":
        yield _unseen(reads)
        yield _gone(reads, seen=True)
        yield _gone(reads, seen=False)
    if reads.item.restored_every:
        yield _never(reads)


def _failing(reads: Reads) -> Scenario:
    """Fails for too short, then for long enough; the exporter goes away meanwhile and comes back; then all is well."""
    pause, tile = reads.item.failing_after, reads.setting.timing.tile
    step = max(1, min(pause // 6, reads.kept_for // 4) // tile) * tile
    waits, keep = -(-pause // step), max(1, hold_steps(reads, step))
    first, *others = copies(reads)
    phases: list[tuple[float | None, int]] = [
        (1, 2), (0, waits), (1, 2), (0, waits + 2), (None, keep + 2), (1, 2), (0, waits + 2), (1, 3),
    ]  # fmt: skip
    samples = _spread(phases)
    ends = _ends(phases)
    own = firing(reads, first, "ticket")
    looks = [
        (0, False), (ends[1], False), (ends[2], False),
        (ends[2] + waits, False), (ends[2] + waits + 1, True), (ends[3], True),
        (ends[4], False), (ends[5], False), (ends[6], True), (ends[7], False),
    ]  # fmt: skip
    if keep > 1:
        looks.insert(6, (ends[3] + keep - 1, True))
    return _scenario(reads, names.FAILING, "fires when attempts fail for long enough", step, [
        series(reads, names.ATTEMPT, first, samples),
        *(series(reads, names.ATTEMPT, other, [1.0] * len(samples)) for other in others),
    ], [(at, (own,) if fires else ()) for at, fires in looks])  # fmt: skip


def _unseen(reads: Reads) -> Scenario:
    """News that are just too old, or not; a lock explains them while it is known; they are kept for a day."""
    step = reads.setting.timing.slow
    bound, keep, day = reads.item.news_within / SECOND, hold_steps(reads, step), REMEMBERED // step
    waits = BLIND_FOR_ROUNDS
    old, fine, none = bound + 1, bound, None
    phases: list[tuple[float | None, float | None, int]] = [
        (0, 0, waits + 3), (old, 0, waits + 3), (fine, 0, waits + 3), (old, 1, waits + 3),
        (old, none, keep + waits + 4), (0, 1, 2), (old, 0, waits + 3), (0, none, 2), (old, 0, waits), (0, 0, 2),
        (none, 0, day + 3), (0, 0, 1),
    ]  # fmt: skip
    ends = _ends([(None, times) for *_, times in phases])
    first, *others = copies(reads)
    seen: Samples = []
    locked: Samples = []
    for age, lock, times in phases:
        for _ in range(times):
            seen.append(None if age is None else len(seen) * step / SECOND - age + 0.0)
            locked.append(lock)
    own = firing(reads, first, reads.item.on_no_data)
    vanished, past = ends[9], -(-int(bound * SECOND) // step)
    looks = [
        (ends[0], False), (ends[0] + waits, False), (ends[0] + waits + 1, True), (ends[1], True), (ends[2], False),
        (ends[3], False), (ends[3] + keep - 1, False), (ends[4], True), (ends[5], False), (ends[6], True),
        (ends[7], False), (ends[8], False), (vanished, False), (vanished + past, False),
        (vanished + past + waits + 2, True), (vanished + day - 1, True), (vanished + day + 2, False), (ends[11], False),
    ]  # fmt: skip
    if past + waits + 2 > day - 1:
        looks = [one for one in looks if one[0] != vanished + past + waits + 2]
    total = len(seen)
    lines = [series(reads, names.SEEN, first, seen), series(reads, names.LOCKED, first, locked)]
    lines += [
        Series(names.SEEN, labels(reads, other), f"0+{step // SECOND}x{total}")
        for other in others
        if step % SECOND == 0
    ]
    lines += [series(reads, names.POINT, copy, [LATE] * total) for copy in _all(reads)]
    title = "fires on old news, for a day, and not while a lock explains them"
    return _scenario(reads, names.BLIND, title, step, lines, [(at, (own,) if fires else ()) for at, fires in looks])


def _all(reads: Reads) -> list[Copy]:
    """Return every copy that must be there, or two."""
    return [dict(one) for one in expected(reads)] or copies(reads)


def _gone(reads: Reads, *, seen: bool) -> Scenario:
    """The first copy is gone for long enough, alone and then with all others. Named copies are missed one by one.

    With old news of them (`seen`) each is missed once, and no nameless one beside it.
    """
    step = reads.setting.timing.slow
    within, waits = -(-reads.item.news_within // step), BLIND_FOR_ROUNDS
    named = [dict(one) for one in expected(reads)]
    first, *others = _all(reads)
    alone, together = within + waits + 3, within + waits + 3
    lines = [series(reads, names.POINT, first, [*([LATE] * 3), *([None] * (alone + together)), *([LATE] * 3)])]
    rest: Samples = [*([LATE] * (3 + alone)), *([None] * together), *([LATE] * 3)]
    lines += [series(reads, names.POINT, other, rest) for other in others]
    if seen:
        there: Samples = [float(k * step) / SECOND for k in range(6 + alone + together)]
        lines.append(series(reads, names.SEEN, first, [*there[:3], *([None] * (alone + together)), *there[-3:]]))
        later = [*there[: 3 + alone], *([None] * together), *there[-3:]]
        lines += [series(reads, names.SEEN, other, later) for other in others]
    level = reads.item.on_no_data
    missed = [firing(reads, copy, level) for copy in named or ([first, *others] if seen else [{}])]
    one: tuple[Labels, ...] = tuple(missed[:1]) if named or seen or not others else ()
    end = 2 + alone
    looks: list[tuple[int, tuple[Labels, ...]]] = [
        (2, ()), (2 + within + waits - 1, ()), (end, one),
        (end + within + waits - 1, one), (end + together, tuple(missed)), (end + together + 2, ()),
    ]  # fmt: skip
    title = f"fires when a copy is gone{' that was seen' if seen else ''}"
    if seen and not named:  # what was seen is remembered for a day
        looks = [one for one in looks if one[0] < REMEMBERED // step or not one[1]]
    return _scenario(reads, names.BLIND, title, step, lines, looks)


def _never(reads: Reads) -> Scenario:
    """Restored, then not for a day and the pause; restored again; then the backup goes, and its news are kept."""
    step = reads.setting.timing.slow
    day, waits, keep = REMEMBERED // step, -(-NEVER_PENDING // step), max(1, hold_steps(reads, step))
    first, *others = copies(reads)
    restored: Samples = [*([LATE] * 3), *([None] * (day + waits + 4)), *([LATE] * 3), *([None] * (2 * day))]
    gone = 2 + day + waits + 4 + 3
    point: Samples = [LATE] * (gone + day + waits + 4)
    back = gone + day + waits + 3
    point += [None] * (len(restored) - len(point))
    own = firing(reads, first, "ticket")
    looks = [
        (2, False), (2 + day - 1, False), (2 + day + waits - 1, False), (2 + day + waits + 2, True), (gone - 2, False),
        (gone, False), (gone + day - 1, False), (back, True), (back + keep - 1, True), (back + keep + 1, False),
    ]  # fmt: skip
    steady = [
        series(reads, record, other, [LATE] * len(restored))
        for other in others
        for record in (names.POINT, names.RESTORED)
    ]
    lines = [series(reads, names.RESTORED, first, restored), series(reads, names.POINT, first, point), *steady]
    title = "fires without any restore test, and not without a backup"
    return _scenario(reads, names.NEVER, title, step, lines, [(at, (own,) if fires else ()) for at, fires in looks])


def _spread(phases: list[tuple[float | None, int]]) -> Samples:
    return [value for value, times in phases for _ in range(times)]


def _ends(phases: list[tuple[float | None, int]]) -> list[int]:
    """Return the index of the last sample of each phase."""
    out, at = [], -1
    for _, times in phases:
        at += times
        out.append(at)
    return out


def _scenario(
    reads: Reads, what: str, title: str, step: int, lines: list[Series], looks: list[tuple[int, tuple[Labels, ...]]]
) -> Scenario:
    alert = names.alert(reads.item.name, what)
    fires = tuple(Fires(alert, at * step, found) for at, found in looks)
    return Scenario(f"{reads.item.name}: {alert} {title}", "windows", step, step, tuple(lines), fires)
