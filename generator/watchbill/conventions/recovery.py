"""Names of what `recovery:` records and alerts: backups, the repositories that keep them, and tests of restoring."""

from __future__ import annotations

from watchbill.conventions import camel

REPOSITORY = "repository"
"""The label that tells copies of a source apart."""
SOURCE = "source"
TARGET = "target"
"""What the exporter calls a repository where it tells of itself."""

POINT = "recovery:point:timestamp_seconds"
SEEN = "recovery:seen:timestamp_seconds"
SUCCESS = "recovery:success:timestamp_seconds"
ATTEMPT = "recovery:attempt:success"
LOCKED = "recovery:locked:state"
SIZE = "recovery:size:bytes"
USUAL_SIZE = "recovery:size:median14d"
CHECK = "recovery:check:timestamp_seconds"
RESTORED = "recovery:restore:timestamp_seconds"
RESTORE = "recovery:restore:success"
RESTORE_TOOK = "recovery:restore:duration_seconds"
RESTORE_POINT = "recovery:restore_point:timestamp_seconds"
MISMATCHES = "recovery:restore:mismatches"
LOST = "recovery:restore_lost:seconds"
INFO = "recovery:info"
RPO = "recovery:rpo:seconds"
RTO = "recovery:rto:seconds"

LATE, SKIPPED, FAILING, LOCK, BLIND = (
    "RecoveryPointLate", "BackupSkipped", "BackupFailing", "RepositoryLocked", "BackupMissing"
)  # fmt: skip
SHRUNKEN, UNCHECKED = "BackupShrunken", "RepositoryCheckOverdue"
NEVER, OVERDUE, UNRESTORABLE, WRONG = "NeverRestored", "RestoreTestOverdue", "RestoreTestFailing", "RestoreMismatch"
SLOW, LOSING = "RestoreTooSlow", "RestoreLosesTooMuch"

BOARD = "recovery"


def alert(name: str, what: str) -> str:
    """Alert of one item: `CheckpointsRecoveryPointLate`."""
    return camel(name) + what
