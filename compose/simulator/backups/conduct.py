"""How backups behave at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Conduct:
    """What is done, and whether it can go well."""

    backups: bool = True
    password_right: bool = True
    database_whole: bool = True
    tests: bool = True
    tests_password_right: bool = True
    checks: bool = True
    writes: bool = True
    complete: bool = True
    """Whether all that has to be backed up is there."""
    fresh: bool = True
    """Whether a copy of today is backed up, or the one of when that stopped."""
