"""Alerts on restore tests: a backup that nobody has restored is a hope, and one that restores wrongly is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.decimals import literal
from watchbill.durations import HOUR, SECOND, spoken
from watchbill.kinds.recovery.pages import page
from watchbill.kinds.recovery.words import OF, OVERDUE_AT, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Alert

NEVER_PENDING = HOUR


def alerts(reads: Reads) -> Iterator[Alert]:
    """Yield the alerts; none where the spec asks for no tests."""
    if not reads.item.restored_every:
        return
    yield _never(reads)
    yield _overdue(reads)
    yield _failing(reads)
    yield _wrong(reads)
    yield _losing(reads)
    if reads.item.rto is not None:
        yield _slow(reads, reads.item.rto)


def _never(reads: Reads) -> Alert:
    every = spoken(reads.item.restored_every)
    return reads.low.alert(
        names.alert(reads.item.name, names.NEVER),
        f"{reads.kept(names.POINT)}\nunless\n{reads.remembered(names.RESTORED)}",
        "ticket",
        titled(reads, "it has never been restored"),
        f"There is a backup, and no restore test of it that went well is known. One is due every {every}.",
        family="restore-untested",
        pending=NEVER_PENDING,
        page=page(
            reads,
            names.NEVER,
            brief="no restore test is known",
            hurts="Nobody yet. Whether the data can be brought back, and how soon, nobody knows.",
            fires=("after 1h", "with a backup and without any restore test that is known of"),
            clears=("at once", "when a restore test has gone well"),
            look=(names.POINT,),
            numbers=((names.RESTORE, "Did the last restore test go well?", "no result: there was none; 0: it failed"),),
        ),
    )


def _overdue(reads: Reads) -> Alert:
    length = reads.item.restored_every
    every, after = spoken(length), spoken(length * OVERDUE_AT)
    return reads.low.alert(
        names.alert(reads.item.name, names.OVERDUE),
        f"{reads.kept(names.SEEN)} - {reads.kept(names.RESTORED)} > {literal(length * OVERDUE_AT / SECOND)}",
        "ticket",
        titled(reads, f"last restored {OF} ago"),
        f"A restore test is due every {every}: what has changed since the last one has never been tried.",
        family="restore-untested",
        page=page(
            reads,
            names.OVERDUE,
            brief=f"no restore test for {after}",
            hurts="Nobody yet. That the data can be brought back was true once; whether it still is, nobody knows.",
            fires=(f"after {after}", f"without a restore test that went well; one is due every {every}"),
            clears=("at once", "when a restore test has gone well"),
            look=(names.RESTORED, names.POINT),
            numbers=((names.RESTORE, "Did the last restore test go well?", "1: none ran since; 0: it failed"),),
        ),
    )


def _failing(reads: Reads) -> Alert:
    return reads.low.alert(
        names.alert(reads.item.name, names.UNRESTORABLE),
        f"{reads.kept(names.RESTORE)} == 0",
        "ticket",
        titled(reads, "the last restore test failed"),
        "The backup could not be restored, or the test could not be run. Until one goes well, count on no copy that "
        "this test stands for.",
        family="restore-failing",
        page=page(
            reads,
            names.UNRESTORABLE,
            brief="the last restore test failed",
            hurts="Nobody yet. If the data is lost now, it may not come back from this copy.",
            fires=("at once", "when a restore test has failed"),
            clears=("at once", "when a restore test has gone well"),
            look=(names.RESTORED, names.POINT),
            numbers=((names.RESTORE, "Did the last restore test go well?", "0: it failed"),),
        ),
    )


def _wrong(reads: Reads) -> Alert:
    return reads.low.alert(
        names.alert(reads.item.name, names.WRONG),
        f"{reads.kept(names.MISMATCHES)} > 0",
        "page",
        titled(reads, "a restore brought back wrong data, {{ $value | humanize }} mismatches"),
        "What was restored differs from what was backed up. The copy is damaged, or was made of damaged data; every "
        "backup since the last test that was right may be.",
        family="restore-mismatch",
        page=page(
            reads,
            names.WRONG,
            brief="a restore brought back wrong data",
            hurts="Nobody yet. If the data is lost now, what comes back from this copy is wrong.",
            fires=("at the first", "row or file that differs"),
            clears=("at once", "when a restore test finds none"),
            look=(names.RESTORED, names.POINT),
            numbers=((names.MISMATCHES, "How much is wrong?", "rows or files that differ"),),
        ),
    )


def _losing(reads: Reads) -> Alert:
    rpo = reads.item.rpo
    return reads.low.alert(
        names.alert(reads.item.name, names.LOSING),
        f"{reads.kept(names.LOST)} > {literal(rpo / SECOND)}",
        "ticket",
        titled(reads, f"a restore lost {OF} of data"),
        f"The last restore test brought back data that was {OF} old when it began; {spoken(rpo)} may be lost. Backups "
        "say they are in time, and what is in them is older.",
        family="restore-slow",
        page=page(
            reads,
            names.LOSING,
            brief=f"a restore lost more than {spoken(rpo)} of data",
            hurts=f"Nobody yet. A real restore would lose more than {spoken(rpo)} of data, whatever backups say.",
            fires=(f"above {spoken(rpo)}", "is the age of the restored data when the test began"),
            clears=("with a test", "that restores newer data"),
            look=(names.RESTORED, names.POINT),
            numbers=((names.LOST, "How much did the last test lose?", "seconds of data"),),
        ),
    )


def _slow(reads: Reads, rto: int) -> Alert:
    return reads.low.alert(
        names.alert(reads.item.name, names.SLOW),
        f"{reads.kept(names.RESTORE_TOOK)} > {literal(rto / SECOND)}\nand\n{reads.kept(names.RESTORE)} == 1",
        "ticket",
        titled(reads, f"a restore took {OF}"),
        f"The last restore test took {OF}; {spoken(rto)} is promised. A real one starts with people who look for how.",
        family="restore-slow",
        page=page(
            reads,
            names.SLOW,
            brief=f"a restore took more than {spoken(rto)}",
            hurts=f"Nobody yet. A real restore would keep users waiting for more than {spoken(rto)}.",
            fires=(f"above {spoken(rto)}", "is what the last restore test that went well took"),
            clears=("with a test", "that is quick enough"),
            look=(names.RESTORED,),
            numbers=((names.RESTORE_TOOK, "How long did it take?", "seconds"),),
        ),
    )
