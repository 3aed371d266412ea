"""Where a repository is and how to get at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.backup import section as keys

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.backup.listing import Rule
    from watchbill_exporters.backup.section import RepositorySection
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret


@dataclass(frozen=True)
class RepositoryConfig:
    """A repository of restic or borg."""

    name: str
    location: str | Secret
    program: str
    password: Secret | None = None
    rules: tuple[Rule, ...] = ()
    state: Path | None = None


def resolved(section: RepositorySection, resolver: Resolver, program: str) -> RepositoryConfig:
    return RepositoryConfig(
        section.name,
        keys.location(section, resolver),
        section.program or program,
        keys.password(section, resolver),
        keys.rules(section),
        keys.state(section, resolver),
    )
