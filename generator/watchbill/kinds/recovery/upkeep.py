"""Alerts on copies that can wait: ones that nobody has seen, ones that shrink, ones that nobody has checked."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, SECOND, format_duration, spoken
from watchbill.kinds.recovery.pages import page
from watchbill.kinds.recovery.rules import USUAL_OVER
from watchbill.kinds.recovery.words import OF, OVERDUE_AT, titled
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Alert, Labels

BLIND_FOR_ROUNDS = 3
MIN_HISTORY = 3 * DAY
MAX_EXPECTED = 20


def alerts(reads: Reads) -> Iterator[Alert]:
    """Yield these alerts."""
    if reads.item.on_no_data != "ignore":
        yield _blind(reads)
    if reads.item.shrink is not None:
        yield _shrunken(reads, reads.item.shrink)
    if reads.item.checked_every:
        yield _unchecked(reads)


def history_needed(reads: Reads) -> int:
    """Return how many slow intervals of sizes make a usual size."""
    return max(2, MIN_HISTORY // reads.setting.timing.slow)


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
