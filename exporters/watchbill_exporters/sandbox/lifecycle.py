"""`lifecycle:` what a sandbox manager writes down, as JSON lines. docs/recipes/sandboxes.md has the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.decode import Refusal, RefusedError
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config
from watchbill_exporters.sandbox import catalogue as names
from watchbill_exporters.sandbox.ledger import Ledger, Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.sandbox.hub import Hub

NAME = "lifecycle"
EVENTS = ("started", "start_failed", "paused", "resumed", "ended", "oom")


class LifecycleSection(FilesSection):
    """Sandboxes as their manager tells of them."""


@dataclass(frozen=True)
class LifecycleConfig:
    tail: TailConfig
    by_state: bool = True


@dataclass(frozen=True)
class Record:
    """One line."""

    event: str
    key: str
    at: float
    pool: str
    runtime: str
    reason: str
    launch: str
    requested: float | None
    cpu: float | None


def parse(fields: Fields) -> Record:
    """Return the record of a line. Raises RefusedError."""
    fields.only("event", "id", "at", "pool", "runtime", "reason", "launch", "requested_at", "cpu_seconds")
    event = fields.choice("event", EVENTS)
    known = names.FAILURES if event == "start_failed" else names.REASONS
    return Record(
        event=event,
        key=fields.text("id"),
        at=fields.moment("at"),
        pool=fields.text("pool", "other", most=128),
        runtime=fields.text("runtime", "other", most=128),
        reason=fields.choice("reason", known, "other"),
        launch=fields.choice("launch", names.LAUNCHES, "cold"),
        requested=fields.time("requested_at"),
        cpu=fields.number("cpu_seconds", least=0),
    )


class Lifecycle:
    """Handles the lines: a ledger of its own, whose gauges are shown as of the last line that was read."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._tally, self.ledger = hub, hub.tally, Ledger(hub.tally)
        self._now = 0.0

    def configure(self, config: LifecycleConfig) -> None:
        """Nothing is configured but the files."""

    def parse(self, fields: Fields) -> Record:
        return parse(fields)

    def prepare(self, records: Sequence[Record]) -> None:
        """Nothing is slow."""

    def apply(self, record: Record) -> None:
        key, at = record.key, record.at
        match record.event:
            case "started":
                self._started(record)
            case "start_failed":
                self.ledger.failed(record.pool, record.runtime, record.reason)
            case "oom":
                self._known(key)
                self.ledger.oom(key)
            case "ended":
                found = self._known(key)
                self.ledger.end(key, at, record.reason)
                if record.cpu is not None:
                    self._tally.add(names.CPU_SECONDS, (found.pool,), record.cpu)
            case event:
                self._known(key)
                self.ledger.pause(key, at, paused=event == "paused")

    def look(self, now: float, *, caught_up: bool) -> None:
        """Charge what runs once every line is read: an end that stands in the file would come too late."""
        if caught_up and now >= self._now:
            self._now = now
            self.ledger.charge(now)

    def show(self) -> None:
        live = self.ledger.live()
        self._tally.replace(names.SANDBOXES, dict(live.states))
        self._tally.replace(names.OLDEST_START, dict(live.oldest))

    def export(self) -> Any:
        return self.ledger.export()

    def restore(self, data: Any) -> None:
        self.ledger.restore(data)

    def _started(self, record: Record) -> None:
        if record.key in self.ledger:
            raise RefusedError(Refusal.OUT_OF_PLACE, "it is there already")
        self.ledger.start(record.key, Sandbox(record.pool, record.runtime, record.at, record.at))
        if record.requested is not None:
            self.ledger.waited(record.pool, record.at - record.requested, record.launch)

    def _known(self, key: str) -> Sandbox:
        found = self.ledger.runs(key)
        if found is None:
            raise RefusedError(Refusal.OUT_OF_PLACE, "it is not there")
        return found


class LifecycleFeed(InputFeed[LifecycleConfig]):
    """Follows the files."""

    def __init__(self, hub: Hub, config: LifecycleConfig) -> None:
        super().__init__(NAME, hub, Lifecycle(hub), config)


@dataclass(frozen=True)
class LifecycleSource(InputSource):
    """Registered in sandbox/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[LifecycleSection] = LifecycleSection

    def resolve(self, section: LifecycleSection, resolver: Resolver) -> LifecycleConfig:
        return LifecycleConfig(*tail_config(section, resolver))

    def connect(self, config: LifecycleConfig) -> LifecycleFeed:
        return LifecycleFeed(self.hub, config)
