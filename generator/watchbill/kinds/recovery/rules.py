"""Recording rules: what every copy and its restore tests are known to be, under names of one kind, and the promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads

USUAL_OVER = 14 * DAY


def news_rules(reads: Reads) -> Iterator[RecordingRule]:
    """Yield what is read at every interval.

    The newest data that can be restored are those of the last good backup, where nothing better is known.
    """
    labels, item = reads.low.labels, reads.item
    point = f"{reads.best('recovery_point')}\nor\n{reads.best('last_success')}"
    yield RecordingRule(names.POINT, point, labels, "newest data that can be restored")
    if item.backup_every is not None:
        yield RecordingRule(names.SUCCESS, reads.best("last_success"), labels, "end of the last good backup")
    yield RecordingRule(names.ATTEMPT, reads.best("last_attempt"), labels, "whether the last attempt went well")


def sight_rules(reads: Reads) -> Iterator[RecordingRule]:
    """Yield when a copy was last looked at, and whether its repository is locked.

    The exporter goes on showing the past while it cannot look, with the time of its last look beside: newer backups
    than that may exist. An exporter without such a time looks whenever it is scraped. Where looks do not carry all the
    labels of copies, one may be of several: the oldest counts.
    """
    labels = reads.low.labels
    known, looked = f"{reads.low.ref(names.POINT)} * 0", _looked(reads)
    ways = [f"{known}\n+ on ({reads.by}) group_left () max by ({reads.by}) ({looked})"]
    if reads.item.by:
        ways.append(f"{known}\n+ on ({names.REPOSITORY}) group_left () min by ({names.REPOSITORY}) ({looked})")
    seen = "\nor\n".join((*ways, f"{known} + time()"))
    yield RecordingRule(names.SEEN, seen, labels, "when the copy was last looked at")
    yield RecordingRule(names.LOCKED, _of_copies(reads, "locked"), labels, "whether the repository is locked")


def _looked(reads: Reads) -> str:
    """Return the times of looks; the exporter's own name repositories as its config does, by `target`."""
    selector = reads.item.selector("refresh")
    if reads.item.metrics.refresh is not None:
        return str(selector)
    return f'label_replace({selector}, "{names.REPOSITORY}", "$1", "{names.TARGET}", "(.+)")'


def _of_copies(reads: Reads, role: str) -> str:
    """Return what is known of repositories, of those only that keep the source."""
    return f"{reads.best(role)}\nand on ({reads.by})\n{reads.kept(names.POINT)}"


def slow_rules(reads: Reads) -> Iterator[RecordingRule]:
    """Yield what changes seldom, and the promises."""
    labels, item = reads.low.labels, reads.item

    def told(record: str, role: str, about: str) -> RecordingRule:
        return RecordingRule(record, reads.best(role), labels, about)

    if item.shrink is not None:
        yield told(names.SIZE, "size", "bytes of the last backup")
    if item.restored_every:
        yield told(names.RESTORED, "restore_success", "end of the last good restore test")
        yield told(names.RESTORE, "restore_run", "whether the last restore test went well")
        yield told(names.RESTORE_TOOK, "restore_duration", "seconds that it took")
        yield told(names.RESTORE_POINT, "restore_point", "newest data that it restored")
        yield told(names.MISMATCHES, "restore_mismatches", "what it restored wrongly")
    owner = (("owner", reads.setting.owner),) if reads.setting.owner else ()
    info = (*labels, ("title", item.shown), *owner, (names.SOURCE, item.source))
    yield RecordingRule(names.INFO, "vector(1)", info, "names the item")
    yield RecordingRule(names.RPO, f"vector({literal(item.rpo / SECOND)})", labels, "recovery point objective")
    if item.rto is not None:
        yield RecordingRule(names.RTO, f"vector({literal(item.rto / SECOND)})", labels, "recovery time objective")


def usual_rules(reads: Reads) -> Iterator[RecordingRule]:
    """Yield what is made of the slow news: the usual size, and what a restore test would have lost.

    A median is not moved by the backup in question, nor by the few before it. A test begins its duration before it
    ends; what was written while it ran is not lost by it.
    """
    labels, item = reads.low.labels, reads.item
    if item.shrink is not None:
        usual = reads.over("quantile_over_time", names.SIZE, USUAL_OVER).replace("(", "(0.5, ", 1)
        yield RecordingRule(names.USUAL_SIZE, usual, labels, "usual size of a backup")
    if item.checked_every:
        yield RecordingRule(names.CHECK, _of_copies(reads, "check"), labels, "end of the last good repository check")
    if item.restored_every:
        ended, took, point = (reads.low.ref(r) for r in (names.RESTORED, names.RESTORE_TOOK, names.RESTORE_POINT))
        lost = f"{ended}\n- ({took} or {ended} * 0)\n- {point}\nand\n{reads.low.ref(names.RESTORE)} == 1"
        yield RecordingRule(names.LOST, lost, labels, "seconds of data that the last good restore test lacked")
