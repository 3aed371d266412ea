"""The feed of an input that reads files; inputs differ in their handler and their routes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from watchbill_exporters.core.contract import Task
from watchbill_exporters.core.records.intake import Handler, Intake

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.memory.hub import Hub
    from watchbill_exporters.core.memory.tally.snapshot import Snapshot
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.routes import Route


class InputConfig(Protocol):
    """What every input's config has."""

    @property
    def tail(self) -> TailConfig: ...
    @property
    def by_state(self) -> bool:
        """Whether it depends on the state if existing lines are read."""


ConfigT = TypeVar("ConfigT", bound=InputConfig)
ConfigT_contra = TypeVar("ConfigT_contra", bound=InputConfig, contravariant=True)


class InputHandler(Handler[Any], Protocol[ConfigT_contra]):
    """A handler with a config, and state of its own beside the counters."""

    def configure(self, config: ConfigT_contra) -> None: ...
    def show(self) -> None:
        """Set gauges; the lock is held."""

    def export(self) -> Any:
        """Return plain data that is nobody else's; the lock is held."""

    def restore(self, data: Any) -> None: ...


class InputFeed(Generic[ConfigT]):
    """Follows files, and keeps what must survive."""

    def __init__(self, name: str, hub: Hub, handler: InputHandler[ConfigT], config: ConfigT) -> None:
        self.name, self.hub, self.handler, self.config = name, hub, handler, config
        handler.configure(config)
        self.intake: Intake[Any] = Intake(name, hub.tally, handler, self._tail(config), hub.catalogue.files)
        files = hub.catalogue.files
        for family in (files.lines, files.refused, files.events):
            for closed in _rest(family.closed):
                hub.tally.start(family, (name, *closed))
        hub.keeper.join(name, self)
        hub.enter(self, handler.show)

    def read(self, _: Deadline) -> Snapshot:
        return self.hub.read(self)

    def routes(self) -> Iterable[Route]:
        return ()

    def tasks(self) -> Iterable[Task]:
        yield Task(f"follow {self.name}", self.intake.run)

    def adopt(self, config: ConfigT) -> None:
        self.config = config
        self.handler.configure(config)
        self.intake.tail.adopt(self._tail(config))

    def close(self) -> None:
        self.hub.keeper.save()
        self.hub.keeper.leave(self.name)
        self.intake.tail.close()
        self.hub.leave(self, self.handler.show)

    def export(self) -> dict[str, Any]:
        return {"files": self.intake.export(), "own": self.handler.export()}

    def restore(self, data: dict[str, Any]) -> None:
        self.intake.restore(data["files"])
        self.handler.restore(data["own"])

    def _tail(self, config: ConfigT) -> TailConfig:
        return replace(config.tail, existing=self.hub.keeper.is_open) if config.by_state else config.tail


def _rest(closed: Any) -> list[tuple[str, ...]]:
    values = [known for label, known in closed.items() if label != "input"]
    return [(value,) for value in values[0]] if values else [()]
