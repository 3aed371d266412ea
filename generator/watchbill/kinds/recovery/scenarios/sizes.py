"""Backups that shrink: against their usual size, once that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import MINUTE
from watchbill.kinds.recovery.rules import USUAL_OVER
from watchbill.kinds.recovery.scenarios.common import Look, hold_steps, looked_at
from watchbill.kinds.recovery.upkeep import history_needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Scenario

USUAL = 1e6
USUALLY = (3 * USUAL, USUAL / 3, USUAL)


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield looks at sizes just over and just under the bound, with just enough history, and on old news."""
    share = reads.item.shrink
    if share is None:
        return
    step = reads.setting.timing.slow
    needed, whole, keep = history_needed(reads), USUAL_OVER // step, hold_steps(reads, step)
    slow = max(15 * MINUTE, 3 * step) // step
    small, just = USUAL * share - 1, USUAL * share

    def look(size: float, *, fires: bool, many: int = needed, gone: int = 0, usual_gone: int = 0) -> Look:
        past: list[float | None] = [USUAL] * (many - 1)
        old = [None] * usual_gone
        return Look({names.SIZE: [*past, size, *([None] * gone)], names.USUAL_SIZE: [*USUALLY, *old]}, fires)

    looks = [
        look(just, fires=False),
        look(small, fires=True),
        look(small, fires=False, many=needed - 1),
        look(small, fires=True, gone=keep - 1),
        look(small, fires=False, gone=keep + 1),
        look(small, fires=True, usual_gone=slow - 1),
        look(small, fires=False, usual_gone=slow + 1),
        Look({names.SIZE: [*([USUAL] * needed), *([None] * whole), small], names.USUAL_SIZE: [*USUALLY]}, fires=False),
        look(0, fires=True, many=needed + 7),
        look(USUAL, fires=False),
        Look({names.SIZE: [*([small] * needed), just], names.USUAL_SIZE: [*USUALLY]}, fires=False),
    ]
    title = f"{names.alert(reads.item.name, names.SHRUNKEN)} fires below a share of the usual size, once that is known"
    yield looked_at(reads, names.SHRUNKEN, "ticket", looks, step=step, gap=2 * whole + 2, title=title)
