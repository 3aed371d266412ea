"""The families of an exporter that remembers: its own, and those of the files it follows and the state it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.family import counter, gauge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.core.memory.tally.family import Family

REASONS = ("too_long", "not_json", "wrong_shape", "out_of_place", "failed")
EVENTS = ("renamed", "truncated", "unreadable", "too_many")


@dataclass(frozen=True)
class FileFamilies:
    """What an exporter says of the files it follows, by input."""

    lines: Family
    refused: Family
    events: Family
    files: Family
    unread: Family

    @classmethod
    def of(cls, prefix: str, inputs: tuple[str, ...]) -> FileFamilies:
        name = f"{prefix}_exporter"
        return cls(
            counter(f"{name}_lines_total", "Lines of files that were counted.", input=inputs),
            counter(f"{name}_lines_refused_total", "Lines of files that were not.", input=inputs, reason=REASONS),
            counter(
                f"{name}_file_events_total", "What happened to the files that are followed.", input=inputs, event=EVENTS
            ),
            gauge(f"{name}_files", "Files that are followed.", input=inputs),
            gauge(f"{name}_unread_bytes", "Bytes in these files that were not read yet.", input=inputs),
        )

    def __iter__(self) -> Iterator[Family]:
        return iter((self.lines, self.refused, self.events, self.files, self.unread))


@dataclass(frozen=True)
class StateFamilies:
    """What an exporter says of its state file."""

    writes: Family
    time: Family

    @classmethod
    def of(cls, prefix: str) -> StateFamilies:
        name = f"{prefix}_exporter_state"
        return cls(
            counter(f"{name}_writes_total", "Attempts to write the state.", result=("ok", "error")),
            gauge(f"{name}_last_success_timestamp_seconds", "When the state was last written."),
        )

    def __iter__(self) -> Iterator[Family]:
        return iter((self.writes, self.time))


@dataclass(frozen=True)
class Catalogue:
    """The families of an exporter, each once. `kept`: gauges that tell of the past, true after a restart too."""

    prefix: str
    own: tuple[Family, ...]
    files: FileFamilies
    state: StateFamilies
    overflow: Family
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, prefix: str, own: tuple[Family, ...], inputs: tuple[str, ...], kept: frozenset[str] = frozenset()
    ) -> Catalogue:
        """Return the catalogue of an exporter that follows files for these inputs."""
        overflow = counter(
            f"{prefix}_exporter_label_overflow_total",
            "Events whose label value became 'other', because it was neither configured nor among the first.",
            "label",
        )
        return cls(prefix, own, FileFamilies.of(prefix, inputs), StateFamilies.of(prefix), overflow, kept)

    @property
    def families(self) -> tuple[Family, ...]:
        """Every family, in the order of the page."""
        return (*self.own, *self.files, *self.state, self.overflow)
