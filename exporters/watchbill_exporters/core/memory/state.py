"""`state:` where counters and positions are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.core import log
from watchbill_exporters.core.contract import Task
from watchbill_exporters.core.diagnostics import Diagnostic
from watchbill_exporters.core.errors import ConfigError, InvalidError
from watchbill_exporters.core.fields import Duration, Section
from watchbill_exporters.core.memory import state_file
from watchbill_exporters.core.memory.state_file import StateError
from watchbill_exporters.core.memory.tally.snapshot import Snapshot, described, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.memory.hub import Hub
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route


class StateSection(Section):
    """Without this section counters start at 0 with the exporter."""

    file: Path = Field(description="Replaced as a whole each time; beside it stands a lock file.")
    every: Duration = Field(10.0, description="How often it is written; also when the exporter ends.")


_log = log.logger(__name__)


@dataclass(frozen=True)
class StateConfig:
    file: Path
    every: float


class StateFeed:
    """Writes the state now and then, and at the end."""

    def __init__(self, hub: Hub, config: StateConfig) -> None:
        self._hub, self._config = hub, config
        try:
            hub.keeper.open(config.file)
        except StateError as error:
            raise ConfigError([Diagnostic(str(config.file), 1, 1, f"the state {error}", error.hint)]) from None
        hub.tally.pin((hub.catalogue.state.writes,))
        hub.enter(self)

    def read(self, _: Deadline) -> Snapshot:
        return self._hub.read(self)

    def routes(self) -> Iterable[Route]:
        return ()

    def tasks(self) -> Iterable[Task]:
        yield Task("keep state", self._run)

    def adopt(self, config: StateConfig) -> None:
        if config.file != self._config.file:
            _log.warning("the state is moved by a restart only", state=str(self._config.file))
        self._config = config

    def close(self) -> None:
        self._hub.keeper.save()
        self._hub.keeper.end()
        self._hub.leave(self)

    def _run(self, stop: Event) -> None:
        while True:
            self._hub.keeper.save()
            if stop.wait(self._config.every):
                return


@dataclass(frozen=True)
class StateSource:
    """Stands before the inputs: they are given what was kept when they connect."""

    hub: Hub
    kind: str = "state"
    section: type[StateSection] = StateSection

    def resolve(self, section: StateSection, resolver: Resolver) -> StateConfig:
        file = resolver.path(section.file)
        if not file.parent.is_dir():
            raise InvalidError(("file",), f"there is no directory {file.parent}", "Make it.")
        try:
            state_file.load(file, self.hub.catalogue.prefix)
        except StateError as error:
            raise InvalidError(("file",), f"the state {error}", error.hint) from None
        return StateConfig(file, section.every)

    def connect(self, config: StateConfig) -> StateFeed:
        return StateFeed(self.hub, config)

    def describe(self) -> Iterable[Metric]:
        return described(self.hub.catalogue.families)

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics(snapshot)
