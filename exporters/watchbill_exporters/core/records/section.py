"""The keys of every input that reads files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import Section
from watchbill_exporters.core.records.tail import TailConfig

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class FilesSection(Section):
    """Which files of JSON lines are followed."""

    files: tuple[str, ...] = Field((), description="Globs; best they match renamed files too, but no copies.")
    line_limit: int = Field(256 * 1024, ge=1024, le=8 * 1024 * 1024, description="Longer lines are refused, in bytes.")
    existing: Literal["read", "skip"] | None = Field(
        None, description="What stands in files at the first start; with a `state` it is read, without it is skipped."
    )


def tail_config(section: FilesSection, resolver: Resolver) -> tuple[TailConfig, bool]:
    """Return how to follow the files, and whether `existing` was left to the state."""
    patterns = tuple(str(resolver.path(pattern)) for pattern in section.files)
    return TailConfig(patterns, section.line_limit, section.existing == "read"), section.existing is None
