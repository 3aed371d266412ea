"""From what exporters expose to what is recorded of each copy; and right through to the alert."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import HOUR, SECOND
from watchbill.kinds.recovery.rules import USUAL_OVER
from watchbill.kinds.recovery.scenarios.common import Copy, Samples, copies, firing, hold_steps, labels
from watchbill.kinds.recovery.scenarios.exposed import APART, exposed
from watchbill.model import Fires, Records, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.kinds.recovery.scenarios.exposed import Told
    from watchbill.model import Labels

LOOKS = 4


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield the scenarios that begin at input metrics; none where the spec's own selectors cannot be exemplified."""
    for make in (_known, _alone, _apart, _leaves, _usual, _replayed):
        found = make(reads)
        if found is not None:
            yield found


def _scenario(
    reads: Reads, title: str, step: int, told: list[Told], records: list[Records], fires: tuple[Fires, ...] = ()
) -> Scenario | None:
    lines = exposed(reads, told)
    if lines is None:
        return None
    kept = {r.record for f in reads.item.unit(reads.setting).files for r in f.records()} if records else set()
    wanted = tuple(r for r in records if r.record in kept)
    return Scenario(f"{reads.item.name}: {title}", "raw", step, step, lines, fires, wanted)


def _records(reads: Reads, record: str, at: int, found: list[tuple[Copy, float]], extra: Labels = ()) -> Records:
    own = reads.low.labels[-2:]
    return Records(record, own, at, tuple((labels(reads, copy, extra), value) for copy, value in found))


def _flat(value: float) -> Samples:
    return [value] * LOOKS


def _rising(value: float) -> Samples:
    return [value + 10 * k for k in range(LOOKS)]


SOON: Samples = [0.0, 0.0, 0.0, 1.0]
LATE: Samples = [1.0, 1.0, 1.0, 0.0]


def _much(copy: Copy) -> Iterator[Told]:
    """Yield what two exporters tell of a copy."""
    for role, mine, twin in (
        ("recovery_point", _rising(1000), _rising(1005)), ("last_success", _flat(900), _flat(950)),
        ("last_attempt", _flat(1), SOON), ("refresh", _flat(50_000), _flat(49_000)), ("locked", _flat(1), SOON),
        ("size", _rising(100), _rising(120)), ("check", _flat(500), _flat(600)),
        ("restore_success", _flat(5000), _flat(4000)), ("restore_run", _flat(1), SOON),
        ("restore_duration", _flat(120), _flat(60)), ("restore_point", _flat(4000), _flat(3900)),
        ("restore_mismatches", _flat(1), _flat(3)),
    ):  # fmt: skip
        yield from ((role, copy, mine, 0), (role, copy, twin, 1))


def _little(copy: Copy) -> list[Told]:
    """Return what one that knows less tells, of a copy whose restore test fails at last."""
    return [
        ("last_success", copy, _rising(1200), 0), ("last_success", copy, _flat(1100), 1),
        ("last_attempt", copy, _flat(0), 0), ("size", copy, _flat(70), 0), ("restore_success", copy, _flat(7000), 0),
        ("restore_run", copy, LATE, 0), ("restore_point", copy, _flat(6500), 0),
        ("restore_mismatches", copy, _flat(0), 0),
    ]  # fmt: skip


def _known(reads: Reads) -> Scenario | None:
    """The first copy is told of by two exporters, the second one by one that knows less."""
    first, *others = copies(reads)
    step = reads.setting.timing.slow
    told = [*_much(first), *(one for other in others for one in _little(other))]
    shared = [other for other in others if other[names.REPOSITORY] == first[names.REPOSITORY]]
    looked = 49_000 if reads.item.by else 50_000  # of several copies, the oldest look
    records = []
    for k in (1, LOOKS - 1):
        at, now = k * step, 49_000 if shared else k * step / SECOND
        for record, value, second in _truth(k, looked, now):
            found: list[tuple[Copy, float]] = [(first, value)]
            found += [(other, second) for other in others if second is not None]
            records.append(_records(reads, record, at, found))
        records += _promises(reads, at)
    return _scenario(reads, "what exporters tell of copies is recorded, the newest of it", step, told, records)


def _alone(reads: Reads) -> Scenario | None:
    """A source with one copy: told little of."""
    first, *others = copies(reads)
    if others:
        return None
    step = reads.setting.timing.slow
    records = [
        _records(reads, record, k * step, [] if second is None else [(first, second)])
        for k in (1, LOOKS - 1)
        for record, _, second in _truth(k, 0, k * step / SECOND)
    ]
    return _scenario(reads, "what is not told is not recorded", step, _little(first), records)


def _apart(reads: Reads) -> Scenario | None:
    """Exporters that tell of each copy apart when they looked: the newest look at each."""
    if not reads.item.by:
        return None
    step = reads.setting.timing.slow
    told: list[Told] = []
    found: list[tuple[Copy, float]] = []
    for n, copy in enumerate(copies(reads)):
        told += [("last_success", copy, _flat(1000), 0), (APART, copy, _flat(50_000 - n), 0)]
        told += [(APART, copy, _flat(40_000), 1)]
        found.append((copy, 50_000 - n))
    records = [_records(reads, names.SEEN, step, found)]
    return _scenario(reads, "each copy was looked at when it was", step, told, records)


def _truth(k: int, looked: float, now: float) -> Iterator[tuple[str, float, float | None]]:
    """Yield record, and what it is of the copy much and little is told of."""
    yield from (
        (names.POINT, 1005 + 10 * k, 1200 + 10 * k), (names.SEEN, looked, now), (names.SUCCESS, 950, 1200 + 10 * k),
        (names.ATTEMPT, 1, 0), (names.LOCKED, 1, None), (names.SIZE, 120 + 10 * k, 70), (names.CHECK, 600, None),
        (names.RESTORED, 5000, 7000), (names.RESTORE, 1, LATE[k]), (names.RESTORE_TOOK, 120, None),
        (names.RESTORE_POINT, 4000, 6500), (names.MISMATCHES, 3, 0), (names.LOST, 880, 500 if LATE[k] else None),
    )  # fmt: skip


def _promises(reads: Reads, at: int) -> Iterator[Records]:
    item = reads.item
    owner = (("owner", reads.setting.owner),) if reads.setting.owner else ()
    info = (("title", item.shown), *owner, (names.SOURCE, item.source))
    yield _records(reads, names.INFO, at, [({}, 1)], info)
    yield _records(reads, names.RPO, at, [({}, item.rpo / SECOND)])
    yield _records(reads, names.RTO, at, [({}, (item.rto or 0) / SECOND)])


def _leaves(reads: Reads) -> Scenario | None:
    """A repository is known to keep the source for as long as news are kept, and no longer.

    Whether a series is seen just 5 minutes after its last sample differs between 2.x and 3.x: no test asks.
    """
    first, *others = copies(reads)
    step = reads.setting.timing.slow
    keep = hold_steps(reads, step)
    there, total = 3, keep + 6
    told: list[Told] = [
        ("last_success", first, [1000.0] * there + [None] * (total - there), 0),
        ("locked", first, [1.0] * total, 0),
        ("check", first, [500.0] * total, 0),
    ]
    told += [("locked", other, [1.0] * total, 0) for other in others]  # it keeps other sources only
    told += [("check", other, [700.0] * total, 0) for other in others]
    records = []
    for k, known in ((1, True), (there - 1 + keep - 1, True), (there - 1 + keep + 3, False)):
        for record, value in ((names.LOCKED, 1.0), (names.CHECK, 500.0)):
            records.append(_records(reads, record, k * step, [(first, value)] if known else []))
    return _scenario(reads, "of repositories, those are recorded that keep the source", step, told, records)


def _usual(reads: Reads) -> Scenario | None:
    """Sizes that rise and jump, looked at so that none is just as old as the oldest that counts."""
    first, *others = copies(reads)
    pace = 25 * HOUR
    inside, total = USUAL_OVER // pace, 2 * (USUAL_OVER // pace) + 5
    sizes = [1000.0 + 7 * k + (100_000 if k % 5 == 0 else 0) for k in range(total)]
    told: list[Told] = [("size", first, [*sizes], 0)]
    told += [("size", other, [5.0] * total, 0) for other in others]
    records = [
        _records(
            reads, names.USUAL_SIZE, k * pace,
            [(first, median(sizes[max(0, k - inside) : k + 1])), *((other, 5.0) for other in others)],
        )
        for k in (1, inside // 2, inside + 1, total - 1)
    ]  # fmt: skip
    if reads.item.shrink is None:
        return None
    return _scenario(reads, "the usual size is the median of two weeks", pace, told, records)


def _replayed(reads: Reads) -> Scenario | None:
    """While the exporter cannot look the age stands still; its first look tells that the data is too old."""
    if reads.item.metrics.refresh is not None and reads.item.metrics.last_success is not None:
        return None
    first, *_ = copies(reads)
    step = reads.setting.timing.slow
    rpo = -(-reads.item.rpo // step)
    if not 3 <= rpo <= 300:
        return None
    total = rpo + 8
    stuck = [min(k, rpo - 1) * step / SECOND if k < rpo + 3 else k * step / SECOND for k in range(total)]
    told: list[Told] = [
        ("last_success", first, [*([0.0] * (rpo + 6)), *([(rpo + 5) * step / SECOND] * 2)], 0),
        ("refresh", first, [*stuck], 0),
    ]
    alert = names.alert(reads.item.name, names.LATE)
    own = firing(reads, first, "page")
    looks = ((0, False), (rpo - 1, False), (rpo + 2, False), (rpo + 4, True), (rpo + 7, False))
    fires = tuple(Fires(alert, k * step, (own,) if late else ()) for k, late in looks)
    return _scenario(reads, "the age of data stands still while nobody can look", step, told, [], fires)
