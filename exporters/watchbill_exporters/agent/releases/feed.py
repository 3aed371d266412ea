"""`releases:` manifests, and the actions of deploys from files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.agent.catalogue import operations as names
from watchbill_exporters.agent.releases import manifest
from watchbill_exporters.agent.releases.action import Action, Migration, parse
from watchbill_exporters.agent.releases.watch import Watch
from watchbill_exporters.core.contract import Task
from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from threading import Event

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver

NAME = "releases"
LOOK_EVERY = 5.0
RESULTS = ("ok", "failed")


class ReleasesSection(FilesSection):
    """What is deployed."""

    manifests: tuple[str, ...] = Field((), description="Manifests of releases, one for each agent.")
    strict: bool = Field(False, description="Refuse the config when a manifest is wrong, instead of counting faults.")


@dataclass(frozen=True)
class ReleasesConfig:
    tail: TailConfig
    by_state: bool
    manifests: tuple[Path, ...] = ()


class Releases:
    """Handles the lines of deploys."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def configure(self, config: ReleasesConfig) -> None:
        """Nothing depends on it."""

    def parse(self, fields: Fields) -> Action:
        return parse(fields)

    def prepare(self, records: Sequence[Action]) -> None:
        """Nothing is slow."""

    def apply(self, record: Action) -> None:
        if isinstance(record, Migration):
            self._tally.add(names.MIGRATIONS, (record.result,), record.count)
        else:
            labels = (record.result, str(record.user_notified).lower(), record.policy)
            self._tally.add(names.DEPLOY_ACTIONS, labels, record.count)

    def look(self, now: float, *, caught_up: bool) -> None:
        """Nothing depends on time."""

    def show(self) -> None:
        """The watch shows what is deployed."""

    def export(self) -> None:
        """Everything is in the counters."""

    def restore(self, data: object) -> None:
        """Everything is in the counters."""


class ReleasesFeed(InputFeed[ReleasesConfig]):
    """Watches manifests beside the lines of deploys."""

    def __init__(self, hub: Hub, config: ReleasesConfig) -> None:
        self.watch = Watch(hub.tally)
        for result in RESULTS:
            hub.tally.start(names.MIGRATIONS, (result,))
            for policy in names.POLICIES:
                for notified in ("true", "false"):
                    hub.tally.start(names.DEPLOY_ACTIONS, (result, notified, policy))
        super().__init__(NAME, hub, Releases(hub.tally), config)
        self.watch.look(config.manifests)

    def tasks(self) -> Iterable[Task]:
        yield from super().tasks()
        yield Task("watch manifests", self._watch)

    def adopt(self, config: ReleasesConfig) -> None:
        super().adopt(config)
        self.watch.look(config.manifests)

    def close(self) -> None:
        self.watch.look(())
        super().close()

    def _watch(self, stop: Event) -> None:
        while not stop.wait(LOOK_EVERY):
            self.watch.look(self.config.manifests)


@dataclass(frozen=True)
class ReleasesSource(InputSource):
    """Registered in agent/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[ReleasesSection] = ReleasesSection

    def resolve(self, section: ReleasesSection, resolver: Resolver) -> ReleasesConfig:
        manifests = tuple(resolver.path(name) for name in section.manifests)
        for index, file in enumerate(manifests if section.strict else ()):
            if faults := manifest.read(file).faults:
                first = f"{faults[0].file}:{faults[0].line}:{faults[0].column}: {faults[0].message}"
                raise InvalidError(("manifests", index), first, faults[0].hint)
        return ReleasesConfig(*tail_config(section, resolver), manifests)

    def connect(self, config: ReleasesConfig) -> ReleasesFeed:
        return ReleasesFeed(self.hub, config)
