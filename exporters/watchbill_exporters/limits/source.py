"""`harness:` in the config: the file of the generator, the state, and the tokens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field
from pydantic_core import PydanticCustomError

from watchbill_exporters.core.errors import ConfigError, InvalidError
from watchbill_exporters.core.fields import Duration, SecretField, Section
from watchbill_exporters.core.statefile import StateError
from watchbill_exporters.limits.declared import Declaration, read
from watchbill_exporters.limits.desk import Desk, Snapshot
from watchbill_exporters.limits.http import Answers
from watchbill_exporters.limits.page import described, metrics
from watchbill_exporters.limits.store import LAYOUT, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.contract import Task
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route
    from watchbill_exporters.core.secret import Secret


class LimitsSection(Section):
    """What harnesses are told, and who may tell."""

    file: Path = Field(description="limits.yaml as `watchbill generate` writes it; read anew at each reload.")
    state: Path = Field(description="What holds now, so that a restart forgets nothing.")
    token: SecretField = Field(description="Asked for by POST /alerts: Alertmanager's `authorization`.")
    reader_token: SecretField | None = Field(
        None, description="Asked for by GET /limits; without it the web config says who may ask."
    )
    most_groups: int = Field(1000, ge=1, le=100_000, description="Groups a limit may hold for; more are refused.")
    clock_skew: Duration = Field(60.0, description="How far ahead a sender's clock may be before that is counted.")


@dataclass(frozen=True)
class LimitsConfig:
    """The section, resolved."""

    declared: Declaration
    state: Path
    token: Secret
    reader: Secret | None
    most: int
    skew: float


class LimitsFeed:
    """Is told by Alertmanager, and tells harnesses."""

    def __init__(self, config: LimitsConfig, now: Callable[[], float]) -> None:
        self._config = config
        self._desk = Desk(Store(config.state), config.declared, config.most, config.skew, now)

    def read(self, _: Deadline) -> Snapshot:
        """Return what the page shows."""
        return self._desk.snapshot()

    def routes(self) -> Iterable[Route]:
        """Return what it answers."""
        return Answers(self._desk, self._config.token, self._config.reader).routes()

    def tasks(self) -> Iterable[Task]:
        """Nothing runs in the background: leases run out when somebody looks."""
        return ()

    def adopt(self, config: LimitsConfig) -> None:
        """Go on under another file; the state is moved by a restart only."""
        self._desk.adopt(config.declared, config.most, config.skew)
        self._config = config

    def close(self) -> None:
        """Everything is on disk already."""
        self._desk.close()


@dataclass(frozen=True)
class LimitsSource:
    """The service's only feed; `now` is the host's clock."""

    now: Callable[[], float] = time.time
    kind: str = "harness"
    section: type[LimitsSection] = LimitsSection

    def resolve(self, section: LimitsSection, resolver: Resolver) -> LimitsConfig:
        """Return the config. Raises InvalidError where a file cannot be used."""
        state = resolver.path(section.state)
        if not state.parent.is_dir():
            raise InvalidError(("state",), f"there is no directory {state.parent}", "Make it.")
        try:
            LAYOUT.load(state)
        except StateError as error:
            if "newer" in str(error):
                raise InvalidError(("state",), f"the state {error}", error.hint) from None
        reader = section.reader_token
        return LimitsConfig(
            _declared(resolver.path(section.file)),
            state,
            resolver.secret(section.token, "token"),
            None if reader is None else resolver.secret(reader, "reader_token"),
            section.most_groups,
            section.clock_skew,
        )

    def connect(self, config: LimitsConfig) -> LimitsFeed:
        """Return the feed, with what the state holds."""
        try:
            return LimitsFeed(config, self.now)
        except (StateError, OSError) as error:
            raise InvalidError(("state",), f"the state {error}") from None

    def describe(self) -> Iterable[Metric]:
        """Return every family, without samples."""
        return described()

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        """Return the families of a snapshot."""
        return metrics(snapshot)


def _declared(file: Path) -> Declaration:
    try:
        return read(file)
    except ConfigError as error:
        raise InvalidError(("file",), f"{file} cannot be used:\n{error}", "Generate it anew.") from None
    except PydanticCustomError as error:
        raise InvalidError(("file",), f"{file}: {error.message()}", "Generate it anew.") from None
