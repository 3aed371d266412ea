"""Panels that show copies over time: how well the promise is kept, how large backups are, what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import DAY, SECOND
from watchbill.model import Form, Meaning, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.copies import Copies

USED = (Threshold(None, State.GOOD), Threshold(0.8, State.WARNING), Threshold(1, State.BAD))
NEUTRAL = (Threshold(None, State.NEUTRAL),)
STATES = (
    Meaning("OK", State.GOOD, 0, 0),
    Meaning("ticket", State.WARNING, 1, 1),
    Meaning("page", State.BAD, 2, 2),
)
STATE_LEVELS = (Threshold(None, State.GOOD), Threshold(1, State.WARNING), Threshold(2, State.BAD))
TROUBLE = (Meaning("failed", State.BAD, 2, 2), Meaning("locked", State.WARNING, 1, 1), Meaning("OK", State.GOOD, 0, 0))
COPY = "{{recovery}} in {{repository}}"


def levels(every: Copies) -> Iterator[Panel]:
    """Yield how well promises are kept, and how much there is."""
    yield _lines(
        "used", Row.LEVEL, "RPO used", "Rises with time and falls with each backup; above 1 too much would be lost.",
        every.used(), Measure.RATIO, USED,
    )  # fmt: skip
    yield _lines(
        "took", Row.LEVEL, "Time a restore takes, of the RTO", "Of the last restore test that went well; above 1 users "
        "would wait for longer than was promised.",
        every.took(), Measure.RATIO, USED,
    )  # fmt: skip
    yield _lines(
        "lost", Row.LEVEL, "What a restore lost", "Age of the restored data when the last good test began, as a share "
        "of the RPO: measured, where the first panel believes what backups say.",
        every.lost(), Measure.RATIO, USED,
    )  # fmt: skip
    yield _lines(
        "restored", Row.LEVEL, "Since the last restore", "Time since a restore test went well.",
        f"time() - {every.by_copy(names.RESTORED)}", Measure.SECONDS,
    )  # fmt: skip
    yield _lines(
        "size", Row.VOLUME, "Size of the last backup", "A backup that is far smaller than usual lacks something.",
        every.by_copy(names.SIZE), Measure.BYTES,
    )  # fmt: skip
    yield _lines(
        "size-share", Row.VOLUME, "Size, of the usual one", "The last backup against the median of 14 days.",
        every.size_share(), Measure.RATIO,
    )  # fmt: skip


def causes(every: Copies) -> Iterator[Panel]:
    """Yield what went wrong and what fired."""
    yield Panel(
        key="recovery-trouble",
        title="Attempts and locks",
        about="Whether the last backup failed, and when repositories were locked.",
        form=Form.STATES,
        row=Row.CAUSES,
        boards=(names.BOARD,),
        queries=(Query("trouble", every.trouble(), COPY),),
        measure=Measure.STATE,
        thresholds=STATE_LEVELS,
        meanings=TROUBLE,
        width=12,
        height=8,
    )
    yield Panel(
        key="recovery-seen",
        title="Since the last look",
        about="How old the news of each copy are. While the exporter cannot look, they stand still.",
        form=Form.LINES,
        row=Row.CAUSES,
        boards=(names.BOARD,),
        queries=(Query("seen", f"time() - {every.by_copy(names.SEEN)}", COPY),),
        measure=Measure.SECONDS,
        thresholds=(Threshold(None, State.GOOD), Threshold(DAY // SECOND // 4, State.BAD)),
        width=12,
        height=8,
        least=0,
    )
    yield Panel(
        key="recovery-alerts",
        title="Sources with alerts",
        about="The worst that fired for each, from `ALERTS`; empty is good.",
        form=Form.STATES,
        row=Row.ALERTS,
        boards=(names.BOARD,),
        queries=(Query("alerts", every.firing(), "{{recovery}}"),),
        measure=Measure.STATE,
        thresholds=STATE_LEVELS,
        meanings=STATES,
        empty="no alert in this time",
        width=24,
        height=6,
    )


def _lines(
    key: str,
    row: Row,
    title: str,
    about: str,
    expr: str,
    measure: Measure,
    levels: tuple[Threshold, ...] = NEUTRAL,
) -> Panel:
    return Panel(
        key=f"recovery-{key}",
        title=title,
        about=about,
        form=Form.LINES,
        row=row,
        boards=(names.BOARD,),
        queries=(Query(key, expr, COPY),),
        measure=measure,
        thresholds=levels,
        width=12,
        height=8,
        least=0,
    )
