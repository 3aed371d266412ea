"""What can go wrong with backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.backups.conduct import Conduct


_STOPPED = ("CheckpointsBackupSkipped", "CheckpointsRecoveryPointLate", "KnowledgeBaseRecoveryPointLate")
_FAIL = ("CheckpointsBackupFailing", "CheckpointsRecoveryPointLate", "KnowledgeBaseBackupFailing")
_SHRUNKEN = ("CheckpointsBackupShrunken", "KnowledgeBaseBackupShrunken")
_UNRESTORED = ("CheckpointsRestoreTestFailing", "KnowledgeBaseRestoreTestFailing")
_UNTESTED = ("CheckpointsRestoreTestOverdue", "KnowledgeBaseRestoreTestOverdue")
_UNCHECKED = ("CheckpointsRepositoryCheckOverdue", "KnowledgeBaseRepositoryCheckOverdue")


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "backups-stopped", "No backup is made any more.", _STOPPED, backups=False),
        changing(conduct, "backups-fail", "The password is wrong: each backup fails.", _FAIL, password_right=False),
        changing(conduct, "backups-shrink", "Half of the data is not where backups take it from.", _SHRUNKEN,
                 complete=False),
        changing(conduct, "backups-stale", "What is backed up is a copy that nobody renews.",
                 ("CheckpointsRestoreLosesTooMuch",), fresh=False),
        changing(conduct, "restore-corrupted", "What is backed up is damaged; only a restore test sees it.",
                 ("CheckpointsRestoreMismatch",), database_whole=False),
        changing(conduct, "restore-tests-fail", "Who tests restores has an old password.", _UNRESTORED,
                 tests_password_right=False),
        changing(conduct, "restore-tests-stopped", "Nobody tests restores any more.", _UNTESTED, tests=False),
        changing(conduct, "checks-stopped", "Nobody checks repositories any more.", _UNCHECKED, checks=False),
        changing(conduct, "checkpoints-stop", "No checkpoint is written any more.",
                 ("CheckpointStoreStoppedWriting",), writes=False),
    )  # fmt: skip
