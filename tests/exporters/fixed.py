"""A feed with one page and a route that swallows bodies: a source that costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.fields import Section
from watchbill_exporters.core.routes import Request, Response, Route, Runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.contract import Task
    from watchbill_exporters.core.resolver import Resolver


@dataclass(frozen=True)
class Fixed:
    page: tuple[Metric, ...]
    kind: str = "fixed"
    section: type[Section] = Section

    def resolve(self, section: Section, _: Resolver) -> Section:
        return section

    def connect(self, _: Section) -> Fixed:
        return self

    def read(self, _: object) -> tuple[Metric, ...]:
        return self.page

    def routes(self) -> Iterable[Route]:
        yield Route("POST", "/sink", self._swallow, runs=Runs.ON_LOOP)

    def tasks(self) -> Iterable[Task]:
        return ()

    def adopt(self, config: Section) -> None: ...

    def close(self) -> None: ...

    def describe(self) -> Iterable[Metric]:
        return ()

    def families(self, snapshot: tuple[Metric, ...]) -> Iterable[Metric]:
        return snapshot

    @staticmethod
    def _swallow(request: Request) -> Response:
        return Response.text(200, str(len(request.body)))
