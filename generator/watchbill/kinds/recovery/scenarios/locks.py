"""A repository that is locked: for long enough, seen often enough, and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.kinds.recovery.backups import looks_needed
from watchbill.kinds.recovery.scenarios.common import Look, looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Scenario


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield looks at locks of all lengths, sample by sample."""
    tile = reads.setting.timing.tile
    within, needed = reads.item.locked_at_most // tile, looks_needed(reads)

    def look(*parts: tuple[float | None, int], fires: bool) -> Look:
        return Look({names.LOCKED: [v for value, times in parts for v in [value] * max(0, times)]}, fires)

    looks = [
        look((0, within + 1), fires=False),
        look((0, 3), (1, within + 2), fires=True),
        look((0, 3), (1, within - 1), fires=False),
        look((1, needed), fires=True),
        look((1, needed - 1), (None, 1), fires=False),
        look((1, 2 * within), (None, within - needed + 2), fires=False),
        look((1, 2 * within), (0, 1), fires=False),
        look((1, within + 2), fires=True),
    ]
    if needed > 1:
        looks.append(look((1, needed - 1), fires=False))
    title = f"{names.alert(reads.item.name, names.LOCK)} fires when every look of long enough found it locked"
    yield looked_at(reads, names.LOCK, "ticket", looks, step=tile, gap=3 * within + 6, title=title)
