"""Counts lines: those POSTed to /lines, and those appended to a file; by their first word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from watchbill_exporters.core.contract import Task
from watchbill_exporters.core.families import counter
from watchbill_exporters.core.fields import Section
from watchbill_exporters.core.overflow import LabelLimit, overflow_rows
from watchbill_exporters.core.routes import Request, Response, Route, Runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from threading import Event

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver


class LinesSection(Section):
    words: int = 100
    file: str | None = None


@dataclass(frozen=True)
class LinesConfig:
    words: int
    file: Path | None = None


@dataclass(frozen=True)
class LinesSnapshot:
    by_word: Mapping[str, int]
    overflow: tuple[tuple[Mapping[str, str], float], ...]


class LinesFeed:
    def __init__(self, config: LinesConfig) -> None:
        self._config = config
        self._word = LabelLimit("word", most=config.words)
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def read(self, _: Deadline) -> LinesSnapshot:
        with self._lock:
            return LinesSnapshot(dict(self._counts), tuple(overflow_rows([self._word])))

    def routes(self) -> Iterable[Route]:
        yield Route(
            "POST",
            "/lines",
            self._post,
            "counts lines",
            body_limit=100_003,
            inflated_limit=1_000_003,
            runs=Runs.ON_LOOP,
        )

    def tasks(self) -> Iterable[Task]:
        if self._config.file is not None:
            yield Task("lines file", self._follow)

    def adopt(self, config: LinesConfig) -> None:
        self._config = config

    def close(self) -> None:
        """Nothing must survive."""

    def _post(self, request: Request) -> Response:
        if request.headers.get("content-type", "text/plain") != "text/plain":
            return Response.text(415, "Content-Type may be text/plain")
        self._count(request.body.decode("utf-8", "replace"))
        return Response.text(200, "counted")

    def _follow(self, stop: Event) -> None:
        assert self._config.file is not None
        with self._config.file.open(encoding="utf-8") as lines:
            while not stop.wait(0.05):
                self._count(lines.read())

    def _count(self, text: str) -> None:
        words = [line.split(maxsplit=1)[0] for line in text.splitlines() if line.strip()]
        counts = Counter(self._word.admit(word) for word in words)
        with self._lock:
            self._counts.update(counts)


@dataclass(frozen=True)
class LinesSource:
    kind: str = "lines"
    section: type[LinesSection] = LinesSection

    def resolve(self, section: LinesSection, resolver: Resolver) -> LinesConfig:
        return LinesConfig(section.words, resolver.path(section.file) if section.file else None)

    def connect(self, config: LinesConfig) -> LinesFeed:
        return LinesFeed(config)

    def describe(self) -> Iterable[Metric]:
        yield counter("sample_lines_total", "Lines, by their first word.")
        yield counter("sample_exporter_label_overflow_total", "Values that became 'other'.")

    def families(self, snapshot: LinesSnapshot) -> Iterable[Metric]:
        words = [({"word": word}, count) for word, count in snapshot.by_word.items()]
        yield counter("sample_lines_total", "Lines, by their first word.", words)
        yield counter("sample_exporter_label_overflow_total", "Values that became 'other'.", snapshot.overflow)


LINES = LinesSource()
