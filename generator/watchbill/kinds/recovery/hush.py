"""Which alerts of a recovery item keep which others quiet: a page its tickets, and a cause what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import recovery as names
from watchbill.model import Inhibition, LabelMatcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads

CAUSES, FOLLOWS = (names.FAILING, names.LOCK), (names.SKIPPED,)


def inhibitions(reads: Reads) -> Iterator[Inhibition]:
    """Yield the inhibitions of the item."""
    item, mark = reads.item, reads.setting.mark
    yield reads.low.page_over_ticket()
    if item.backup_every is None:
        return
    own = LabelMatcher(item.label, "=", item.name)

    def named(which: tuple[str, ...]) -> LabelMatcher:
        found = "|".join(names.alert(item.name, what) for what in which)
        return LabelMatcher("alertname", "=~" if "|" in found else "=", found)

    yield Inhibition(
        (mark, own, named(CAUSES)),
        (mark, own, named(FOLLOWS)),
        (conventions.SERVICE, item.label, *item.group_names),
        "a failing backup or a lock over the backup that is skipped for it",
    )
