"""Alerts that fire at once: each condition alone just over and just under its bound, and old news, kept for so long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import SECOND
from watchbill.kinds.recovery.backups import SKIPPED_AT
from watchbill.kinds.recovery.scenarios.common import Look, held, hold_steps, looked_at, news
from watchbill.kinds.recovery.words import OVERDUE_AT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Scenario

NOW = 1e9
Values = dict[str, float]


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield a scenario for each such alert."""
    item = reads.item
    yield _older(reads, names.LATE, "page", names.POINT, item.rpo)
    if item.backup_every is not None and item.backup_every * SKIPPED_AT < item.rpo:
        yield _older(reads, names.SKIPPED, "ticket", names.SUCCESS, item.backup_every * SKIPPED_AT)
    if item.checked_every:
        yield _older(reads, names.UNCHECKED, "ticket", names.CHECK, item.checked_every * OVERDUE_AT)
    if not item.restored_every:
        return
    yield _older(reads, names.OVERDUE, "ticket", names.RESTORED, item.restored_every * OVERDUE_AT)
    yield _each(reads, names.UNRESTORABLE, "ticket", {names.RESTORE: 0}, ({names.RESTORE: 1},))
    yield _each(reads, names.WRONG, "page", {names.MISMATCHES: 1}, ({names.MISMATCHES: 0},))
    rpo = item.rpo / SECOND
    yield _each(reads, names.LOSING, "ticket", {names.LOST: rpo + 1}, ({names.LOST: rpo}, {names.LOST: 0}))
    if item.rto is not None:
        rto = item.rto / SECOND
        calm = ({names.RESTORE_TOOK: rto}, {names.RESTORE_TOOK: 7.0}, {names.RESTORE: 0.0})
        yield _each(reads, names.SLOW, "ticket", {names.RESTORE_TOOK: rto + 1, names.RESTORE: 1}, calm)


def _older(reads: Reads, what: str, level: str, record: str, bound: float) -> Scenario:
    """Age as of the last look: a second more than the bound, and just the bound."""
    seconds = bound / SECOND
    over = {names.SEEN: NOW, record: NOW - seconds - 1}
    return _each(reads, what, level, over, ({record: NOW - seconds}, {names.SEEN: NOW - 1}, {record: NOW}))


def _each(reads: Reads, what: str, level: str, over: Values, calm: tuple[Values, ...]) -> Scenario:
    """Each of `calm` is all that differs from what fires. Then each record in turn is old news, and too old."""
    step = reads.setting.timing.slow
    keep = hold_steps(reads, step)

    def look(found: Values, *, fires: bool) -> Look:
        return Look({record: news(value) for record, value in found.items()}, fires)

    looks = [look({**over, **calm[0]}, fires=False), look(over, fires=True)]
    looks += [look({**over, **other}, fires=False) for other in calm]
    for record in over:
        looks.append(held(over, record, keep - 1, fires=True))
        looks.append(held(over, record, keep + 1, fires=False))
    looks.append(look(over, fires=True))
    title = f"{names.alert(reads.item.name, what)} fires just over its bounds, on news that are not too old"
    return looked_at(reads, what, level, looks, step=step, gap=2 * keep + 2, title=title)
