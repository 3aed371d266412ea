"""The feed: what comes in at /v1/traces is counted before it is answered."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import calls, intake, runs
from watchbill_exporters.agent.otlp import answers, json_body, wire
from watchbill_exporters.agent.otlp.count import Counting
from watchbill_exporters.agent.otlp.decode import receive
from watchbill_exporters.agent.otlp.progress import Progress
from watchbill_exporters.agent.otlp.runs import Closer
from watchbill_exporters.agent.otlp.traces import Traces
from watchbill_exporters.agent.prices import PriceBook
from watchbill_exporters.core.routes import Request, Response, Route, Runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.agent.otlp.config import OtlpConfig
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.contract import Task
    from watchbill_exporters.core.memory.tally.snapshot import Snapshot

REJECTED = "spans need a trace id of 16 bytes, a span id of 8 bytes and an end time"


class OtlpFeed:
    """Everything is done in the request: a 200 says that the spans are counted, or held until their run is known."""

    def __init__(self, hub: Hub, config: OtlpConfig) -> None:
        self._hub, self._tally, self._config = hub, hub.tally, config
        self._closer = Closer(hub, Counting(hub.tally, PriceBook(), {}))
        self._traces = Traces(config.patience, self._closer)
        self._progress = Progress(hub.tally)
        self.adopt(config)
        # spans make no cycles, yet by default a look for some after every 700 objects takes a fifth of the time
        gc.set_threshold(max(gc.get_threshold()[0], 50_000), 20, 100)
        hub.tally.pin((*runs.FAMILIES, *calls.FAMILIES, *intake.FAMILIES))
        hub.enter(self, self._refresh)

    def read(self, _: Deadline) -> Snapshot:
        return self._hub.read(self)

    def routes(self) -> Iterable[Route]:
        config = self._config
        yield Route(
            "POST",
            "/v1/traces",
            self._post,
            "OTLP/HTTP: spans, as protobuf or JSON",
            body_limit=config.body_limit,
            inflated_limit=config.inflated_limit,
            waiting_limit=config.waiting,
            runs=Runs.ON_LOOP,  # to hand a batch over to a thread takes as long as to count 80 spans
            bearer=config.token,
        )

    def tasks(self) -> Iterable[Task]:
        return ()

    def adopt(self, config: OtlpConfig) -> None:
        prices = PriceBook(config.prices, config.prices_as_of)
        with self._tally.lock:
            self._config = config
            self._traces.patience = config.patience
            self._closer.counting = Counting(self._tally, prices, config.aliases)
            self._tally.put(calls.PRICE_TABLE_TIME, (), prices.timestamp())

    def close(self) -> None:
        """Count what is held, so that a state file has it; runs under way are not runs that ended."""
        with self._tally.lock:
            self._traces.finish()
        self._hub.leave(self, self._refresh)

    def _post(self, request: Request) -> Response:
        kind = answers.content_type(request)
        if kind not in {answers.PROTOBUF, answers.JSON}:
            return answers.wrong_type()
        try:
            parsed = wire.parse(request.body) if kind == answers.PROTOBUF else json_body.parse(request.body)
        except wire.BadBodyError as error:
            return answers.refused(kind, str(error))
        with self._tally.lock:
            now = self._tally.tick()
            self._traces.advance(now)
            got = receive(parsed, self._traces, now, events=bool(self._hub.span_listeners))
            self._traces.bound(got.counted + got.ignored)
            for result in intake.SPAN_RESULTS:
                self._tally.add(intake.OTLP_SPANS, (result,), getattr(got, result))
        return answers.taken(kind, got.rejected, REJECTED)

    def _refresh(self) -> None:
        self._traces.advance(self._tally.tick())
        self._progress.show(tuple(self._traces))
