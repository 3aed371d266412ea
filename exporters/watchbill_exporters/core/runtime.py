"""An exporter that runs: its config, what it reads, and how both are exchanged."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core import log
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.collect.live import LiveFeed, LiveTarget, read_all
from watchbill_exporters.core.collect.page import merge, status
from watchbill_exporters.core.config.resolve import Settings, settings
from watchbill_exporters.core.own import OwnMetrics, process_families
from watchbill_exporters.core.tasks import Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from prometheus_client import Metric

    from watchbill_exporters.core.config.resolve import FeedConfig
    from watchbill_exporters.core.contract import Exporter
    from watchbill_exporters.core.routes import Route

_log = log.logger(__name__)
REFUSALS = (400, 401, 413, 415, 429)


@dataclass(frozen=True)
class Running:
    """One state of the exporter; a reload replaces it as a whole."""

    settings: Settings
    targets: tuple[LiveTarget, ...]
    feeds: tuple[LiveFeed, ...]


class Runtime:
    """Scrapes and reloads; any thread may call it. Raises ConfigError when made from a wrong config."""

    def __init__(
        self,
        exporter: Exporter,
        file: Path,
        *,
        clock: Clock | None = None,
        background: bool = True,
        process: bool = True,
    ) -> None:
        self.exporter, self.file, self.clock = exporter, file, clock or Clock()
        self._background, self._process = background, process
        self._reloading = threading.Lock()
        self._tasks = {feed.kind: Supervisor() for feed in exporter.feeds}
        described = [family.name for family in exporter.describe()]
        self.own = OwnMetrics(exporter.prefix, described, self.clock.now())
        self._running = Running(Settings(), (), ())
        self._exchange(settings(exporter, file))

    @property
    def settings(self) -> Settings:
        return self._running.settings

    @property
    def target_names(self) -> tuple[str, ...]:
        return tuple(live.name for live in self._running.targets)

    def routes(self) -> Iterable[Route]:
        """Return what the feeds answer now."""
        return [route for live in self._running.feeds for route in live.feed.routes()]

    def scrape(self, deadline: Deadline) -> list[Metric]:
        """Read everything. Returns by the deadline, whatever the targets do."""
        running = self._running
        targets = () if running.settings.probe_only else running.targets
        families = self._read(running, [*running.feeds, *targets], deadline)
        families += self.own.families({n: c for s in self._tasks.values() for n, c in s.failures.items()})
        return families + process_families() if self._process else families

    def probe(self, name: str, deadline: Deadline) -> list[Metric]:
        """Read one target. Raises KeyError when the config names no such target."""
        running = self._running
        chosen = [live for live in running.targets if live.name == name]
        if not chosen:
            raise KeyError(name)
        return self._read(running, [*chosen], deadline)

    def deadline(self, seconds: float | None = None) -> Deadline:
        """Return when a scrape must be over: half a second before the scraper's patience is."""
        patience = seconds if seconds is not None else self.settings.timeout
        return Deadline.after(max(patience - 0.5, patience / 2), self.clock)

    def reload(self) -> None:
        """Take the config on disk. Raises ConfigError and goes on under the old one when it is wrong."""
        with self._reloading:
            try:
                fresh = settings(self.exporter, self.file)
                self._exchange(fresh)
            except Exception as error:
                self.own.reloaded(self.clock.now(), ok=False)
                _log.error("config not taken, the old one stays", error=str(error))
                raise
            self.own.reloaded(self.clock.now(), ok=True)
            _log.info("config taken", targets=len(fresh.targets), feeds=len(fresh.feeds))

    def close(self) -> None:
        running, self._running = self._running, Running(self.settings, (), ())
        for live in running.targets:
            live.close()
        for feed in running.feeds:
            self._end(feed)

    def _read(self, running: Running, lives: list[LiveTarget | LiveFeed], deadline: Deadline) -> list[Metric]:
        results = read_all(lives, deadline, self.clock)
        labels = {live.name: live.target.labels for live in lives if isinstance(live, LiveTarget)}
        merger = merge(results, labels, running.settings.series_per_family, self.exporter.facts)
        self.own.dropped(merger.dropped)
        return merger.families() + status(self.exporter.prefix, results)

    def _exchange(self, fresh: Settings) -> None:
        """Keep what did not change; feeds keep their counters even when it did."""
        old = self._running
        opened: list[LiveTarget] = []
        targets: list[LiveTarget] = []
        try:
            for target in fresh.targets:
                same = next((live for live in old.targets if live.target == target), None)
                if same is None:
                    same = LiveTarget.open(target, self.clock, refresh=self._background)
                    opened.append(same)
                targets.append(same)
            feeds = self._feeds(old, fresh)
        except Exception:
            for live in opened:
                with suppress(Exception):
                    live.close()
            raise
        self._running = Running(fresh, tuple(targets), feeds)
        for live in old.targets:
            if live not in targets:
                live.close()
        for feed in old.feeds:
            if feed.name not in {other.name for other in feeds}:
                self._end(feed)

    def _feeds(self, old: Running, fresh: Settings) -> tuple[LiveFeed, ...]:
        by_name = {live.name: live for live in old.feeds}
        out: list[LiveFeed] = []
        try:
            for config in fresh.feeds:
                live = by_name.get(config.source.kind)
                if live is None:
                    live = LiveFeed.open(config, self.clock)
                    self._start(live)
                elif live.feed_config != config:
                    live = self._adopted(live, config)
                out.append(live)
        except Exception:
            for live in out:
                if live.name not in by_name:
                    self._end(live)
            raise
        return tuple(out)

    def _adopted(self, live: LiveFeed, config: FeedConfig) -> LiveFeed:
        self._tasks[live.name].stop()
        try:
            live.feed.adopt(config.config)
            live = LiveFeed(config, live.feed, live.reader)
        finally:
            self._start(live)
        return live

    def _start(self, live: LiveFeed) -> None:
        for route in live.feed.routes():
            self.own.known(route.path, REFUSALS)
        if self._background:
            self._tasks[live.name].start(live.feed.tasks())

    def _end(self, live: LiveFeed) -> None:
        self._tasks[live.name].stop()
        live.reader.close()
