"""Alerts on backups: data at risk now pages; what will put it at risk, and what nobody knows, opens tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.decimals import literal
from watchbill.durations import SECOND, spoken
from watchbill.kinds.recovery.pages import page
from watchbill.kinds.recovery.words import OF, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Alert

SKIPPED_AT = 1.5
"""Times the cadence: halfway to the second backup that is missed."""
LOCK_SEEN = 0.8
"""Share of looks that must have found it locked: some are missed."""


def alerts(reads: Reads) -> Iterator[Alert]:
    """Yield the alerts that are looked at at every interval."""
    yield _late(reads)
    if reads.item.backup_every is not None and reads.item.backup_every * SKIPPED_AT < reads.item.rpo:
        yield _skipped(reads, reads.item.backup_every)
    yield _failing(reads)
    yield _locked(reads)


def looks_needed(reads: Reads) -> int:
    """Return how many looks must have found a repository locked."""
    return max(1, int(LOCK_SEEN * reads.item.locked_at_most / reads.setting.timing.tile))


def _late(reads: Reads) -> Alert:
    """As of the last look: what happened since then nobody knows, and that is another alert's business."""
    item = reads.item
    at, rpo = literal(item.rpo / SECOND), spoken(item.rpo)
    return reads.low.alert(
        names.alert(item.name, names.LATE),
        f"{reads.kept(names.SEEN)} - {reads.kept(names.POINT)} > {at}",
        "page",
        titled(reads, f"the newest data that can be restored is {OF} old"),
        f"At most {rpo} of data may be lost. If the data went now, everything since the last good backup would be gone "
        f"for good: {OF} of it.",
        family="backup-late",
        page=page(
            reads,
            names.LATE,
            brief=f"more than {rpo} of data would be lost",
            hurts=f"Nobody yet. If the data is lost now, more than {rpo} of it is gone for good, and it gets more.",
            fires=(f"above {rpo}", "is the age of the newest data that can be restored"),
            clears=("at once", "when a backup has ended well"),
            look=(names.POINT,),
            numbers=(
                (names.ATTEMPT, "Did the last attempt go well?", "1: yes, and none was started since; 0: it failed"),
                (names.LOCKED, "Is the repository locked?", "0: no; 1: a backup runs, or one died and left its lock"),
            ),
        ),
    )


def _skipped(reads: Reads, every: int) -> Alert:
    item = reads.item
    after, cadence = spoken(every * SKIPPED_AT), spoken(every)
    return reads.low.alert(
        names.alert(item.name, names.SKIPPED),
        f"{reads.kept(names.SEEN)} - {reads.kept(names.SUCCESS)} > {literal(every * SKIPPED_AT / SECOND)}",
        "ticket",
        titled(reads, f"no backup for {OF}"),
        f"Backups run every {cadence}; one was skipped. The page comes when the data is older than {spoken(item.rpo)}.",
        family="backup-skipped",
        page=page(
            reads,
            names.SKIPPED,
            brief=f"no backup for {after}: one was skipped",
            hurts="Nobody yet: the recovery point objective is still kept, and will not be if the next one is skipped.",
            fires=(f"after {after}", f"without a backup; they run every {cadence}"),
            clears=("at once", "when a backup has ended well"),
            look=(names.SUCCESS, names.POINT),
            numbers=((names.ATTEMPT, "Did the last attempt go well?", "1: none was started since; 0: it failed"),),
        ),
    )


def _failing(reads: Reads) -> Alert:
    item = reads.item
    after = spoken(item.failing_after)
    return reads.low.alert(
        names.alert(item.name, names.FAILING),
        f"{reads.kept(names.ATTEMPT)} == 0",
        "ticket",
        titled(reads, "the last backup failed"),
        f"The last attempt failed {after} ago or earlier, and none went well since. The page comes when the data is "
        f"older than {spoken(item.rpo)}.",
        family="backup-failing",
        pending=item.failing_after,
        page=page(
            reads,
            names.FAILING,
            brief="the last backup failed, and none went well since",
            hurts="Nobody yet: the last good backup is there, and grows older.",
            fires=(f"after {after}", "in which no attempt went well"),
            clears=("at once", "when an attempt has gone well"),
            look=(names.POINT,),
            numbers=((names.ATTEMPT, "Did the last attempt go well?", "0: it failed"),),
            over=f"{reads.kept(names.ATTEMPT)} == 0",
        ),
    )


def _locked(reads: Reads) -> Alert:
    """Locked is a state, not a failure: of every backup that runs. Too long is when none can take that long."""
    item = reads.item
    length = item.locked_at_most
    looks = looks_needed(reads)
    least, seen = (reads.over(f, names.LOCKED, length) for f in ("min_over_time", "count_over_time"))
    words = spoken(length)
    return reads.low.alert(
        names.alert(item.name, names.LOCK),
        f"{least} == 1\nand\n{seen} >= {looks}",
        "ticket",
        titled(reads, f"the repository is locked since {words}"),
        "While a repository is locked nothing else can be backed up into it, and some tools cannot even list it: "
        "how old the newest backup is may be unknown.",
        family="repository-locked",
        page=page(
            reads,
            names.LOCK,
            brief=f"the repository is locked since {words}",
            hurts="Nobody yet. Backups wait for the lock, and one that is left behind is waited for in vain.",
            fires=(f"after {words}", "in which each look found it locked"),
            clears=("at once", "when it is seen unlocked"),
            look=(names.POINT, names.SEEN),
            numbers=((names.LOCKED, "Is the repository locked?", "1: it is"),),
            over=f"{reads.kept(names.LOCKED)} == 1",
        ),
    )
