"""Panels on all recovery items of a service: is the promise kept now, what did restores show, what is wrong.

Nothing here names an item: each brings the same panels, and boards show them once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import recovery as names
from watchbill.kinds import boards
from watchbill.kinds.recovery import courses
from watchbill.kinds.recovery.copies import Copies
from watchbill.kinds.recovery.courses import NEUTRAL, STATE_LEVELS, STATES, USED
from watchbill.kinds.slis.views import plain
from watchbill.model import Column, Display, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting

NONE_BAD = (Threshold(None, State.GOOD), Threshold(1, State.BAD))
NONE_WARNING = (Threshold(None, State.GOOD), Threshold(1, State.WARNING))
ABOUT = "Sources of data and their copies: how much would be lost now, and what restores have shown."


def display(setting: Setting) -> Display:
    """Return what a recovery item shows."""
    board = boards.items(setting.service, conventions.RECOVERY, names.BOARD, ABOUT)
    return Display((boards.overview(setting.service), board), panels(setting))


@lru_cache(maxsize=16)
def panels(setting: Setting) -> tuple[Panel, ...]:
    """Return the panels of the section's board, and two of the overview."""
    every = Copies(setting, chosen=True)
    everywhere = Copies(setting, chosen=False)
    return (
        *_counts(every, names.BOARD),
        _table(every),
        *courses.levels(every),
        *courses.causes(every),
        _about(setting),
        *(_glance(everywhere)),
    )


def _stat(
    board: str,
    key: str,
    title: str,
    about: str,
    expr: str,
    levels: tuple[Threshold, ...],
    measure: Measure = Measure.COUNT,
) -> Panel:
    return Panel(
        key=f"recovery-{key}",
        title=title,
        about=about,
        form=Form.STAT,
        row=Row.VERDICT,
        boards=(board,),
        queries=(Query(key, expr, instant=True),),
        measure=measure,
        thresholds=levels,
        width=6 if board == names.BOARD else 4,
        height=4,
        board="" if board == names.BOARD else names.BOARD,
    )


def _worst(every: Copies, board: str) -> Panel:
    about = "Age of the newest data that can be restored, as a share of what may be lost: the worst copy."
    return _stat(board, "worst", "RPO used, worst copy", about, f"max(\n{every.used()}\n)", USED, Measure.RATIO)


def _late(every: Copies, board: str) -> Panel:
    about = "Copies from which more would be lost now than may be."
    return _stat(board, "late", "Copies beyond their RPO", about, every.count(f"{every.used()} > 1"), NONE_BAD)


def _glance(every: Copies) -> Iterator[Panel]:
    yield _worst(every, conventions.OVERVIEW)
    yield _late(every, conventions.OVERVIEW)


def _counts(every: Copies, board: str) -> Iterator[Panel]:
    yield _late(every, board)
    yield _worst(every, board)
    yield _stat(
        board, "tickets", "Items with a ticket", "Sources of which a ticket, and no page, is firing.",
        every.with_ticket(), NONE_WARNING,
    )  # fmt: skip
    about = "Copies that no restore test is known of."
    yield _stat(board, "untested", "Never restored", about, every.count(every.untested()), NONE_WARNING)


def _table(every: Copies) -> Panel:
    return Panel(
        key="recovery-copies",
        title="Copies",
        about="Data age: of the newest data that can be restored. RPO used: that age as a share of what may be lost. "
        "Took: the last restore test that went well.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(names.BOARD,),
        queries=(
            Query("state", every.state(), instant=True),
            Query("age", every.age(), instant=True),
            Query("rpo", every.per_copy(names.RPO), instant=True),
            Query("used", every.used(), instant=True),
            Query("restored", f"time() - {every.by_copy(names.RESTORED)}", instant=True),
            Query("took", every.by_copy(names.RESTORE_TOOK), instant=True),
            Query("rto", every.per_copy(names.RTO), instant=True),
        ),
        columns=(
            Column("state", "state", Measure.STATE, STATE_LEVELS, STATES, width=90),
            Column("title", "what"),
            Column(names.REPOSITORY, "copy"),
            Column("age", "data age", Measure.SECONDS, NEUTRAL, width=110),
            Column("rpo", "RPO", Measure.SECONDS, NEUTRAL, width=90),
            Column("used", "RPO used", Measure.RATIO, USED, bar=True),
            Column("restored", "restored", Measure.SECONDS, NEUTRAL, width=110),
            Column("took", "took", Measure.SECONDS, NEUTRAL, width=90),
            Column("rto", "RTO", Measure.SECONDS, NEUTRAL, width=90),
        ),
        sort="state",
        width=24,
        height=8,
    )


def _about(setting: Setting) -> Panel:
    owner = plain(setting.owner) or "nobody is named"
    return Panel(
        key="recovery-about",
        title="How to read this",
        about="Who answers, and what the words mean.",
        form=Form.TEXT,
        row=Row.ABOUT,
        boards=(names.BOARD,),
        text=(
            f"Service `{setting.service}`, owner: {owner}.\n\n"
            "The *RPO* is how much data may be lost: the newest data that can be restored must be no older. The *RTO* "
            "is how soon it must be back. Both are measured: the first by backups, and again by *restore tests*, "
            "which bring the data back into a scratch place, compare it and take the time. Every copy has to keep the "
            "promise by itself."
        ),
        width=24,
        height=5,
    )
