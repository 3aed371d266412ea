"""A checkpoint database, its backups by restic, and tests that they can be restored."""

from compose.simulator.backups.theme import Backups

__all__ = ["Backups"]
