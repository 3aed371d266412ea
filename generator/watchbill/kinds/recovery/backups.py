"""Alerts on backups: data at risk now pages; what will put it at risk, and what nobody knows, opens tickets."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, SECOND, format_duration, spoken
from watchbill.gotext import escaped
from watchbill.kinds.recovery.pages import page
from watchbill.kinds.recovery.rules import USUAL_OVER
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Alert, Labels

SKIPPED_AT = 1.5
"""Times the cadence: halfway to the second backup that is missed."""
OVERDUE_AT = 1.25
"""Times a cadence: one that is kept by people and cron jobs is not kept to the minute."""
LOCK_SEEN = 0.8
"""Share of looks that must have found it locked: some are missed."""
BLIND_FOR_ROUNDS = 3
MIN_HISTORY = 3 * DAY
MAX_EXPECTED = 20
OF = "{{ $value | humanizeDuration }}"


def titled(reads: Reads, text: str) -> str:
    """Return a summary: what, and of which copy; a label that the alert lacks is left out."""
    named = "".join(f"{{{{ with $labels.{n} }}}}, {n} {{{{ . }}}}{{{{ end }}}}" for n in reads.item.group_names)
    return f"{escaped(reads.item.shown)}: {text}{named}"


def alerts(reads: Reads) -> Iterator[Alert]:
    """Yield the alerts that are looked at at every interval."""
    yield _late(reads)
    if reads.item.backup_every is not None and reads.item.backup_every * SKIPPED_AT < reads.item.rpo:
        yield _skipped(reads, reads.item.backup_every)
    yield _failing(reads)
    yield _locked(reads)


def slow_alerts(reads: Reads) -> Iterator[Alert]:
    """Yield the alerts that can wait for a slow interval."""
    if reads.item.on_no_data != "ignore":
        yield _blind(reads)
    if reads.item.shrink is not None:
        yield _shrunken(reads, reads.item.shrink)
    if reads.item.checked_every:
        yield _unchecked(reads)


def looks_needed(reads: Reads) -> int:
    """Return how many looks must have found a repository locked."""
    return max(1, int(LOCK_SEEN * reads.item.locked_at_most / reads.setting.timing.tile))


def history_needed(reads: Reads) -> int:
    """Return how many slow intervals of sizes make a usual size."""
    return max(2, MIN_HISTORY // reads.setting.timing.slow)


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


def expected(reads: Reads) -> list[Labels]:
    """Return the copies there must be: every combination of the allow-lists, if all labels have one."""
    groups = reads.item.groups
    if not all(g.values for g in groups):
        return []
    found = list(islice(product(*([(g.name, v) for v in g.values] for g in groups)), MAX_EXPECTED + 1))
    return [tuple(one) for one in found] if len(found) <= MAX_EXPECTED else []


def _blind(reads: Reads) -> Alert:
    """No look for too long, unless the repository is locked; or a copy that is not there at all."""
    item = reads.item
    within, words = item.news_within, spoken(item.news_within)
    old = f"time() - {reads.remembered(names.SEEN)} > {literal(within / SECOND)}"
    parts = [f"(\n  {old}\n  unless\n  {reads.kept(names.LOCKED)} == 1\n)"]
    window = format_duration(within)
    for copy in expected(reads):
        more = ",".join(f"{name}={quote(value)}" for name, value in copy)
        gone = f"absent_over_time({reads.low.ref(names.POINT, more)}[{window}])"
        parts.append(f"or on ({reads.by})\n{gone}")
    if not expected(reads):
        parts.append(f"or on ()\nabsent_over_time({reads.low.ref(names.POINT)}[{window}])")
    return reads.low.alert(
        names.alert(item.name, names.BLIND),
        "\n".join(parts),
        item.on_no_data,
        titled(reads, "nobody knows of its backups"),
        f"The copy has not been seen for {words}: there is none, or whatever tells of it is down or cannot look. How "
        "much would be lost is unknown, and no other alert on this copy can be relied on.",
        family="backup-missing",
        pending=BLIND_FOR_ROUNDS * reads.setting.timing.slow,
        page=page(
            reads,
            names.BLIND,
            brief=f"no news of the copy for {words}",
            hurts="Nobody knows how much would be lost: the backup may be fine, late, or gone.",
            fires=(f"after {words}", "without a look at the copy that went well"),
            clears=("within minutes", "of the first look that goes well"),
            look=(names.SEEN, names.POINT),
            numbers=((names.LOCKED, "Is the repository locked?", "1: some tools cannot look at it meanwhile"),),
        ),
    )


def _shrunken(reads: Reads, share: float) -> Alert:
    item = reads.item
    usual, bound = reads.low.slow(names.USUAL_SIZE), percent(share)
    return reads.low.alert(
        names.alert(item.name, names.SHRUNKEN),
        f"{reads.kept(names.SIZE)} / {usual} < {literal(share)}\n"
        f"and\n{reads.over('count_over_time', names.SIZE, USUAL_OVER)} >= {history_needed(reads)}",
        "ticket",
        titled(reads, "the last backup is {{ $value | humanizePercentage }} of the usual size"),
        f"The last backup is below {bound} of the median of the last 14 days. It ended well, and something is not in "
        "it: an empty dump, a path that moved, a filter, a source that lost its data.",
        family="backup-shrunken",
        page=page(
            reads,
            names.SHRUNKEN,
            brief=f"the last backup is below {bound} of the usual size",
            hurts="Nobody yet. What is not in the backup cannot be restored from it; older ones still hold it.",
            fires=(f"below {bound}", "of the median size of 14 days, once there are 3 days of history"),
            clears=("with a backup", "of the usual size, or after a week, when this size is the usual one"),
            look=(names.POINT,),
            numbers=(
                (names.SIZE, "How large is the last backup?", "bytes"),
                (names.USUAL_SIZE, "How large is a usual one?", "bytes: the median of 14 days"),
            ),
        ),
    )


def _unchecked(reads: Reads) -> Alert:
    item = reads.item
    every, after = spoken(item.checked_every), spoken(item.checked_every * OVERDUE_AT)
    at = literal(item.checked_every * OVERDUE_AT / SECOND)
    return reads.low.alert(
        names.alert(item.name, names.UNCHECKED),
        f"{reads.kept(names.SEEN)} - {reads.kept(names.CHECK)} > {at}",
        "ticket",
        titled(reads, f"the repository was last checked {OF} ago"),
        f"A check every {every} finds blocks that rotted on disk before they are needed.",
        family="repository-check",
        page=page(
            reads,
            names.UNCHECKED,
            brief=f"the repository was not checked for {after}",
            hurts="Nobody yet. Damage on disk shows when the data is needed, which is too late.",
            fires=(f"after {after}", f"without a check that went well; one is due every {every}"),
            clears=("at once", "when a check has gone well"),
            look=(names.CHECK, names.POINT),
        ),
    )
