"""What a source is. docs/recipes/add-a-source.md walks through one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import Event

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.fields import Section
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route

SectionT = TypeVar("SectionT", bound="Section")
ConfigT = TypeVar("ConfigT")
SnapshotT = TypeVar("SnapshotT")
SectionT_contra = TypeVar("SectionT_contra", bound="Section", contravariant=True)
ConfigT_contra = TypeVar("ConfigT_contra", contravariant=True)
SnapshotT_co = TypeVar("SnapshotT_co", covariant=True)


class Client(Protocol[SnapshotT_co]):
    """Does the I/O for one target. At most one thread at a time calls it."""

    def read(self, deadline: Deadline) -> SnapshotT_co:
        """Return a frozen snapshot before the deadline. Raises ScrapeError, or any exception (see `reason_of`)."""

    def close(self) -> None:
        """Let go of connections."""


class Feed(Protocol[ConfigT_contra, SnapshotT_co]):
    """A client that is told things: over HTTP by its routes, from files by its tasks. Any thread may call it."""

    def read(self, deadline: Deadline) -> SnapshotT_co:
        """Return a frozen snapshot of what is in memory."""

    def routes(self) -> Iterable[Route]:
        """Return what it answers over HTTP."""

    def tasks(self) -> Iterable[Task]:
        """Return what runs in the background."""

    def adopt(self, config: ConfigT_contra) -> None:
        """Go on under another config, counters kept."""

    def close(self) -> None:
        """Write what must survive; its tasks have stopped and no request is under way."""


@dataclass(frozen=True)
class Task:
    """Runs in a thread of its own until the event is set; one that raises is logged, counted and started again."""

    name: str
    run: Callable[[Event], None]


class Source(Protocol[SectionT, ConfigT, SnapshotT]):
    """A kind of target that is read at each scrape: an entry of `targets:` with `kind: NAME`."""

    @property
    def kind(self) -> str:
        """Return what `kind:` says; in a feed, the key of its section."""

    @property
    def section(self) -> type[SectionT]:
        """Return the pydantic section, a `TargetSection` (in a feed a `Section`)."""

    def resolve(self, section: SectionT, resolver: Resolver) -> ConfigT:
        """Return the frozen config: paths absolute, secrets found, defaults filled in. Raises InvalidError."""

    def connect(self, config: ConfigT) -> Client[SnapshotT]:
        """Return a client; no I/O yet, but a feed may restore its state file."""

    def describe(self) -> Iterable[Metric]:
        """Return every family it can export, without samples."""

    def families(self, snapshot: SnapshotT) -> Iterable[Metric]:
        """Return the families of a snapshot: pure, no samples with timestamps."""


class FeedSource(Protocol[SectionT, ConfigT, SnapshotT]):
    """As Source, but it is pushed to: its section stands at the top of the config under `kind`."""

    @property
    def kind(self) -> str: ...
    @property
    def section(self) -> type[SectionT]: ...
    def resolve(self, section: SectionT, resolver: Resolver) -> ConfigT: ...
    def connect(self, config: ConfigT) -> Feed[ConfigT, SnapshotT]: ...
    def describe(self) -> Iterable[Metric]: ...
    def families(self, snapshot: SnapshotT) -> Iterable[Metric]: ...


AnySource = Source[Any, Any, Any]
AnyFeedSource = FeedSource[Any, Any, Any]


@dataclass(frozen=True)
class Exporter:
    """One exporter: its sources, registered by one explicit tuple of each sort."""

    name: str
    prefix: str
    about: str
    port: int
    sources: tuple[AnySource, ...] = ()
    feeds: tuple[AnyFeedSource, ...] = ()
    facts: frozenset[str] = field(default_factory=frozenset)
    """Families that tell of the past (a last success): replayed from the last good refresh when a later one fails."""

    def describe(self) -> Iterable[Metric]:
        """Return every family its sources can export, each once."""
        seen: set[str] = set()
        for source in (*self.sources, *self.feeds):
            for family in source.describe():
                if family.name not in seen:
                    seen.add(family.name)
                    yield family
