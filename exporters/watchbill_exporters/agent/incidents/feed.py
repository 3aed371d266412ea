"""`incidents:` reports over HTTP and from files, and the ledger that keeps them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.agent.catalogue import operations as names
from watchbill_exporters.agent.catalogue.records import LEDGER_ITEMS
from watchbill_exporters.agent.incidents.http import IncidentRoutes
from watchbill_exporters.agent.incidents.item import Report, parse
from watchbill_exporters.agent.incidents.journal import Journal, LedgerError
from watchbill_exporters.agent.incidents.ledger import Ledger
from watchbill_exporters.core import log
from watchbill_exporters.core.diagnostics import Diagnostic
from watchbill_exporters.core.errors import ConfigError, InvalidError
from watchbill_exporters.core.fields import SecretField
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route
    from watchbill_exporters.core.secret import Secret

NAME = "incidents"
_log = log.logger(__name__)


class IncidentsSection(FilesSection):
    """Reports of incidents."""

    token: SecretField | None = Field(None, description="Asked for by POST and GET /incidents; without it: no HTTP.")
    ledger: Path | None = Field(None, description="Where incidents are kept; without it: in memory.")
    keep: int = Field(10_000, ge=10, le=200_000, description="So many incidents; finished ones go first.")
    text_limit: int = Field(2000, ge=0, le=16_000, description="Characters of a report's text; the rest is cut off.")


@dataclass(frozen=True)
class IncidentsConfig:
    tail: TailConfig
    by_state: bool
    token: Secret | None
    ledger: Path | None
    keep: int
    text_limit: int


class Incidents:
    """Handles lines as if they had been posted."""

    def __init__(self, tally: Tally, keep: int) -> None:
        self.ledger = Ledger(tally, keep)
        self._tally = tally
        self._text_limit = 0

    def configure(self, config: IncidentsConfig) -> None:
        self.ledger.keep, self._text_limit = config.keep, config.text_limit

    def parse(self, fields: Fields) -> Report:
        """Without an id a line's own content is its id, so that a line that comes again is no second incident."""
        content = json.dumps(fields.raw, sort_keys=True).encode()
        own_id = f"line-{hashlib.sha256(content).hexdigest()[:32]}"
        return parse(fields, own_id, self._tally.tick(), self._text_limit)

    def prepare(self, records: Sequence[Report]) -> None:
        """Write and count them here: the ledger knows what it has, so this may happen twice."""
        if records:
            self.ledger.add(records)

    def apply(self, record: Report) -> None:
        """It is counted."""

    def look(self, now: float, *, caught_up: bool) -> None:
        """Nothing depends on time."""

    def show(self) -> None:
        oldest = self.ledger.oldest()
        for stage in names.STAGES:
            if stage in oldest:
                self._tally.put(names.OLDEST_STAGE, (stage,), oldest[stage])
            else:
                self._tally.remove(names.OLDEST_STAGE, (stage,))
        self._tally.put(LEDGER_ITEMS, (), len(self.ledger))

    def export(self) -> int | None:
        return self.ledger.counted

    def restore(self, data: int | None) -> None:
        self.ledger.counted = data


class IncidentsFeed(InputFeed[IncidentsConfig]):
    """Opens the ledger once it is known which of its rows were counted."""

    def __init__(self, hub: Hub, config: IncidentsConfig) -> None:
        self.incidents = Incidents(hub.tally, config.keep)
        hub.tally.pin((names.INCIDENTS,))
        super().__init__(NAME, hub, self.incidents, config)
        if config.ledger is not None:
            self._open(config.ledger)

    def routes(self) -> Iterable[Route]:
        if self.config.token is not None:
            now = self.hub.tally.tick
            yield from IncidentRoutes(self.incidents.ledger, self.config.token, self.config.text_limit, now).routes()

    def adopt(self, config: IncidentsConfig) -> None:
        if config.ledger != self.config.ledger:
            _log.warning("the ledger is moved by a restart only", ledger=str(self.config.ledger))
        super().adopt(config)

    def close(self) -> None:
        super().close()
        self.incidents.ledger.close()

    def _open(self, file: Path) -> None:
        try:
            self.incidents.ledger.open(Journal(file))
        except LedgerError as error:
            self.close()
            raise ConfigError([Diagnostic(str(file), 1, 1, str(error), error.hint)]) from None
        self.hub.keeper.save()  # from now on a kill cannot make us forget which rows were counted


@dataclass(frozen=True)
class IncidentsSource(InputSource):
    """Registered in agent/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[IncidentsSection] = IncidentsSection

    def resolve(self, section: IncidentsSection, resolver: Resolver) -> IncidentsConfig:
        token = resolver.secret(section.token, "token") if section.token is not None else None
        ledger = resolver.path(section.ledger) if section.ledger is not None else None
        if ledger is not None and not ledger.parent.is_dir():
            raise InvalidError(("ledger",), f"there is no directory {ledger.parent}", "Make it.")
        tail, by_state = tail_config(section, resolver)
        return IncidentsConfig(tail, by_state, token, ledger, section.keep, section.text_limit)

    def connect(self, config: IncidentsConfig) -> IncidentsFeed:
        return IncidentsFeed(self.hub, config)
