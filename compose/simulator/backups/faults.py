"""What can go wrong with backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.backups.conduct import Conduct


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "backups-stopped", "No backup is made any more.", (), backups=False),
        changing(conduct, "backups-fail", "The password is wrong: each backup fails.", (), password_right=False),
        changing(
            conduct, "restore-corrupted", "What is backed up is damaged; only a restore test sees it.", (),
            database_whole=False,
        ),
        changing(conduct, "restore-tests-stopped", "Nobody tests restores any more.", (), tests=False),
    )  # fmt: skip
