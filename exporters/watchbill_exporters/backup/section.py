"""The keys that the sources of this exporter share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.backup.listing import Rule
from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.fields import Duration, Name, SecretField, Section, TargetSection
from watchbill_exporters.core.secret import Secret

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver

REFRESH = 300.0
_PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@")


class BackupSection(TargetSection):
    """Listing backups takes longer than a scrape may, so it happens in the background."""

    refresh: Duration | None = Field(REFRESH, description="How often it is read in the background.")


class SourceSection(Section):
    """Which backups belong to one `source`; the first entry that fits wins, globs are allowed."""

    source: Name
    host: str | None = Field(None, description="The host that made the backup.")
    path: str | None = Field(None, description="One of the paths in the backup.")
    tag: str | None = Field(None, description="One of its tags.")
    name: str | None = Field(None, description="The name of the archive.")


class RepositorySection(BackupSection):
    """A repository of one of the tools."""

    repository: str | None = Field(None, description="Where it is, as the tool is told.")
    location: SecretField | None = Field(None, description="The same from a file, for addresses with passwords.")
    password: SecretField | None = Field(None, description="Its password, handed to the tool in its environment.")
    sources: tuple[SourceSection, ...] = Field(
        (), description="Which backups belong to which source; else: the host, or the archive's name without its date."
    )
    state: Path | None = Field(None, description="Where `wrap --repository` with this name keeps its records.")
    program: str = Field("", description="Another name or path of the tool.")


def rules(section: RepositorySection) -> tuple[Rule, ...]:
    return tuple(Rule(**entry.model_dump()) for entry in section.sources)


def location(section: RepositorySection, resolver: Resolver) -> str | Secret:
    return located(section.repository, section.location, resolver)


def located(where: str | None, secret: Secret | None, resolver: Resolver, *key: str) -> str | Secret:
    """Return where the repository is; a local path as seen from the config. Raises InvalidError."""
    if (where is None) == (secret is None):
        raise InvalidError((*key, "repository"), "one of repository and location is needed", "Say where it is.")
    if secret is not None:
        return resolver.secret(secret, *key, "location")
    text = where or ""
    if _PASSWORD.search(text):
        hint = "Put the whole URL into a file and name it with location_file."
        raise InvalidError((*key, "repository"), "a URL must hold no password", hint)
    return text if ":" in text else str(resolver.path(text))


def password(section: RepositorySection, resolver: Resolver) -> Secret | None:
    return resolver.secret(section.password, "password") if section.password is not None else None


def state(section: RepositorySection, resolver: Resolver) -> Path | None:
    return resolver.path(section.state) if section.state is not None else None


def revealed(value: str | Secret | None) -> str | None:
    return value.reveal() if isinstance(value, Secret) else value
