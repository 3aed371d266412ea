"""Bodies that are hostile, broken or too many: refused, counted, and nothing that was taken is lost or doubled."""

from __future__ import annotations

import gzip
import random
import threading
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from lab.process import wait_until
from tests.exporters.agent.desk import Desk, write_config
from tests.exporters.agent.otlp.spans import PROTOBUF, Making, body, send
from tests.exporters.agent.program import Program
from tests.exporters.pages import value
from tests.exporters.running import Exporting
from watchbill_exporters.agent import exporter
from watchbill_exporters.agent.otlp import wire
from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.routes import Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TYPE = {"Content-Type": "application/x-protobuf"}


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Exporting]:
    with Exporting(exporter(), write_config(tmp_path, otlp={"settle": "10ms", "inflated_limit_mib": 1})) as made:
        yield made


def refused(serving: Exporting, code: int) -> float | None:
    text = serving.get().text
    return value(text, "agent_exporter_requests_refused_total", path="/v1/traces", code=str(code))


def runs(serving: Exporting) -> float | None:
    return value(serving.get().text, "agent_runs_total", agent="triage", outcome="success")


def test_spans_are_taken_gzipped_and_plain(serving: Exporting) -> None:
    for number in range(2):
        root = Making().agent()
        sent = gzip.compress(body([root])) if number else body([root])
        headers = {**TYPE, **({"Content-Encoding": "gzip"} if number else {})}
        answer = serving.post("/v1/traces", sent, headers=headers)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/x-protobuf")
    assert wait_until(lambda: runs(serving) == 2, 60)


def test_a_gzip_bomb_is_refused(serving: Exporting) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000, 9)
    answer = serving.post("/v1/traces", bomb, headers={**TYPE, "Content-Encoding": "gzip"})
    assert len(bomb) * 1000 < 30_000_000
    assert answer.status_code == 413
    assert refused(serving, 413) == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/grpc", ""])
def test_another_content_type_is_refused(serving: Exporting, kind: str) -> None:
    assert serving.post("/v1/traces", b"x", headers={"Content-Type": kind}).status_code == 415
    assert refused(serving, 415) == 1


def test_a_truncated_body_is_refused_whole(serving: Exporting) -> None:
    whole = body([Making().agent() for _ in range(10)])
    assert serving.post("/v1/traces", whole[:-3], headers=TYPE).status_code == 400
    assert refused(serving, 400) == 1
    assert serving.post("/v1/traces", body([Making().agent()]), headers=TYPE).status_code == 200
    assert wait_until(lambda: runs(serving) is not None, 60)
    assert runs(serving) == 1


def test_random_bytes_never_end_it(tmp_path: Path) -> None:
    rnd = random.Random(7)  # noqa: S311 - the same bytes each time
    whole = body([Making().agent() for _ in range(10)])
    with Desk(tmp_path, otlp={}) as desk:
        [route] = [one for one in desk.runtime.routes() if one.path == "/v1/traces"]
        for _ in range(2000):
            cut = bytearray(whole)
            for _ in range(rnd.randrange(1, 9)):
                cut[rnd.randrange(len(cut))] = rnd.randrange(256)
            answer = route.handler(wire_request(bytes(cut)))
            assert answer.status in {200, 400}
        desk.tick(1000)
        assert "agent_exporter_otlp_spans_total" in desk.page()


def wire_request(sent: bytes) -> Request:
    return Request("POST", "/v1/traces", {}, PROTOBUF, sent)


def test_spans_without_ids_are_rejected_and_the_rest_is_taken(tmp_path: Path) -> None:
    short, zero, endless = Making().agent(), Making(bytes(16)).agent(), Making().agent()
    short.span_id, endless.end_time_unix_nano = b"\x01\x02", 0
    with Desk(tmp_path, otlp={}) as desk:
        answer = ExportTraceServiceResponse.FromString(send(desk, short, zero, endless, Making().agent()).body)
        assert answer.partial_success.rejected_spans == 3
        assert answer.partial_success.error_message
        desk.tick(6)
        assert desk.rows("agent_runs_total") == {("triage", "success"): 1}
        assert desk.rows("agent_exporter_otlp_spans_total") == {("counted",): 1, ("rejected",): 3}


@pytest.mark.parametrize("many", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_label_values_from_outside_are_capped_and_counted(tmp_path: Path, many: int) -> None:
    with Desk(tmp_path, otlp={"pending_spans": 10_000, "remembered_spans": 10_000}) as desk:
        for begin in range(0, many, 2000):
            send(desk, *(Making().tool(b"", f"tool-{number}") for number in range(begin, begin + 2000)))
            desk.now += 10
        rows = desk.rows("agent_tool_calls_total")
        assert len(rows) == 101
        assert rows["desk", "ok", "other"] == many - 100
        assert desk.rows("agent_exporter_label_overflow_total")["tool",] >= many - 100


def test_over_the_queue_senders_are_told_to_come_back_and_nothing_is_lost(tmp_path: Path) -> None:
    told: list[float] = []
    prompt = {"input.value": "x" * 5000}  # bodies of 1.5 MB, which are not handled on the event loop
    with Exporting(exporter(), write_config(tmp_path, otlp={"settle": "10ms", "waiting": 1})) as serving:

        def sender() -> None:
            for _ in range(10):
                sent = body([Making(uuid4().bytes).agent(said=prompt) for _ in range(300)])
                while (answer := serving.post("/v1/traces", sent, headers=TYPE)).status_code != 200:
                    assert answer.status_code == 429
                    told.append(float(answer.headers["Retry-After"]))
                    time.sleep(0.01)

        workers = [threading.Thread(target=sender) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert wait_until(lambda: runs(serving) == 6 * 10 * 300, 60)
        assert told
        assert refused(serving, 429) == len(told)


def test_a_token_is_asked_for_when_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTLP_TOKEN", "s3cret")
    with Exporting(exporter(), write_config(tmp_path, otlp={"token": "${OTLP_TOKEN}"})) as serving:
        assert serving.post("/v1/traces", b"", headers=TYPE).status_code == 401
        assert serving.post("/v1/traces", b"", headers={**TYPE, "Authorization": "Bearer s3cret"}).status_code == 200


@pytest.mark.slow
def test_killed_in_the_middle_it_starts_again_and_counts_right(tmp_path: Path) -> None:
    config = write_config(tmp_path, otlp={"settle": "10ms"}, state={"file": "state.json"})
    with Program(config) as program:
        for _ in range(20):
            requests.post(program.url + "/v1/traces", body([Making().agent()]), headers=TYPE, timeout=60)
        program.kill()
        program.start()
        assert program.total("agent_runs_total") <= 20
        before = program.total("agent_runs_total")
        requests.post(program.url + "/v1/traces", body([Making().agent()]), headers=TYPE, timeout=60)
        assert wait_until(lambda: program.total("agent_runs_total") > before, 60)
        assert program.total("agent_runs_total") == before + 1


def test_protobuf_in_pure_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("google.protobuf.internal.api_implementation.Type", lambda: "python")
    with pytest.raises(InvalidError, match="pure Python"):
        wire.check_backend()


def test_memory_is_bounded_when_roots_never_come(tmp_path: Path) -> None:
    with Desk(tmp_path, otlp={"pending_spans": 1000, "remembered_spans": 500}) as desk:
        for _ in range(50):
            send(desk, *(Making().model(b"\x07" * 8) for _ in range(100)))
        [feed] = [live.feed for live in desk.runtime._running.feeds if live.name == "otlp"]
        traces = feed._traces  # type: ignore[attr-defined]
        assert sum(len(trace.parents) for trace in traces) <= 1000
        assert sum(len(closed.spans) for closed in traces._remembered.values()) <= 500
        assert sum(desk.rows("agent_model_calls_total").values()) == 4000
