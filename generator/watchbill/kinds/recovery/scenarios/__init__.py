"""Scenarios of a recovery item: what is known of copies, and each alert just over and just under its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.recovery.scenarios import locks, looks, news, sizes, waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.recovery.reads import Reads
    from watchbill.model import Scenario

FAMILIES = (news.scenarios, looks.scenarios, locks.scenarios, sizes.scenarios, waits.scenarios)


def scenarios(reads: Reads) -> Iterator[Scenario]:
    """Yield every scenario of an item."""
    for family in FAMILIES:
        yield from family(reads)
