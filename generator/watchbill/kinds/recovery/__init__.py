"""Recovery: sources of data, their backups, and the promise that they come back."""

from watchbill.kinds.recovery.section import CODES, Recovery

__all__ = ["CODES", "Recovery"]
