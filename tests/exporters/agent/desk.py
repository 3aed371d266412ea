"""The agent exporter in the test's own thread: its clock stands still, and it reads files when it is told to."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import yaml

from lab.process import wait_until
from tests.exporters.pages import values
from watchbill_exporters.agent import exporter
from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.hub import Hub
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.memory.tally import Tally
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from watchbill_exporters.core.collect.live import LiveFeed

NOW = 1_764_000_000.0


def write_config(folder: Path, **config: Any) -> Path:
    file = folder / "agent.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def append(file: Path, *records: dict[str, Any]) -> None:
    with file.open("ab") as handle:
        handle.write(lines(*records))


def _is_idle(live: LiveFeed) -> bool:
    return live.reader._current is None


class Desk:
    """One exporter without a server. `with` ends it cleanly; `crash` as SIGKILL would."""

    def __init__(self, folder: Path, *, file: Path | None = None, **config: Any) -> None:
        self.now = NOW
        self.hub = Hub(Tally(FAMILIES, now=lambda: self.now))
        clock = Clock(now=lambda: self.now, monotonic=lambda: 77.0)
        used = file or write_config(folder, **config)
        self.runtime = Runtime(exporter(self.hub), used, clock=clock, background=False, process=False)

    def feed(self, name: str) -> InputFeed[Any]:
        [found] = [feed for feed in self._inputs() if feed.name == name]
        return found

    def tick(self, seconds: float = 0.0) -> None:
        """Let time pass, and read what there is."""
        self.now += seconds
        for feed in self._inputs():
            while feed.intake.tick():
                pass

    def page(self, accept: str = "") -> str:
        for live in self.runtime._running.feeds:  # a scrape right after another one would be given the same page
            wait_until(partial(_is_idle, live), 60, 0.001)
        return render.form(accept).render(self.runtime.scrape(Deadline(1e9)))

    def rows(self, name: str) -> dict[tuple[str, ...], float]:
        """Return the series of a family that are not 0, by the values of their labels in the order of their names."""
        found = values(self.page()).items()
        return {tuple(v for _, v in sorted(labels)): value for (n, labels), value in found if n == name and value}

    def crash(self) -> None:
        """Let go of files and locks; nothing is written."""
        for feed in self._inputs():
            feed.intake.tail.close()
            if feed.name == "incidents":
                feed.handler.ledger.close()  # type: ignore[attr-defined]
        self.hub.keeper._close()

    def _inputs(self) -> Iterable[InputFeed[Any]]:
        return [live.feed for live in self.runtime._running.feeds if isinstance(live.feed, InputFeed)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runtime.close()
