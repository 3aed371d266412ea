"""Incidents over HTTP and from files: counted once, found again, never on a label."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import NOW, Desk, append, write_config
from tests.exporters.pages import value, values
from tests.exporters.running import Exporting
from watchbill_exporters.agent import exporter
from watchbill_exporters.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

TRACE = "0af7651916cd43dd8448eb211c80319c"
TOKEN = "odd-token-7531"  # noqa: S105 - of this test only
AUTH = {"Authorization": f"Bearer {TOKEN}"}
JSON = {**AUTH, "Content-Type": "application/json"}
SECTION = {"token_file": "token", "ledger": "ledger.jsonl", "text_limit": 40, "keep": 20}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text(TOKEN + "\n")
    return write_config(tmp_path, state={"file": "state"}, incidents=SECTION)


@pytest.fixture
def exporting(config: Path) -> Iterator[Exporting]:
    with Exporting(exporter(), config) as running:
        yield running


def report(exporting: Exporting, body: Any = None, **fields: Any) -> requests.Response:
    data = json.dumps(fields).encode() if body is None else body
    return exporting.post("/incidents", data, headers=JSON)


def find(exporting: Exporting, **query: Any) -> list[str]:
    answer = exporting.get("/incidents", params=query, headers=AUTH)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["incidents"]]


def counted(exporting: Exporting) -> dict[tuple[str, str], float]:
    found = values(exporting.get().text).items()
    rows = {k: v for (name, k), v in found if name == "agent_incidents_total" and v}
    return {(dict(labels)["source"], dict(labels)["has_trace"]): v for labels, v in rows.items()}


def test_reports_with_and_without_a_trace_are_counted_and_found(exporting: Exporting) -> None:
    assert report(exporting, id="i1", trace_id=TRACE.upper(), text="wrong answer").status_code == 201
    assert report(exporting, id="i2", source="alert").status_code == 201
    assert report(exporting, text="no id").status_code == 201
    assert counted(exporting) == {("user", "true"): 1, ("alert", "false"): 1, ("user", "false"): 1}
    assert find(exporting, trace_id=TRACE) == ["i1"]
    assert len(find(exporting)) == 3
    assert len(find(exporting, limit=2)) == 2


def test_a_report_that_comes_again_is_the_same_incident(exporting: Exporting) -> None:
    assert [report(exporting, id="i1").status_code for _ in range(3)] == [201, 200, 200]
    headers = {**JSON, "Idempotency-Key": "key-1"}
    assert [exporting.post("/incidents", b"{}", headers=headers).status_code for _ in range(2)] == [201, 200]
    assert counted(exporting) == {("user", "false"): 2}


def test_a_trace_that_is_found_later_joins_the_report(exporting: Exporting) -> None:
    report(exporting, id="i1", text="slow")
    assert find(exporting, trace_id=TRACE) == []
    answer = report(exporting, id="i1", trace_id=TRACE)
    assert answer.json()["trace_id"] == TRACE
    assert answer.json()["text"] == "slow"
    assert find(exporting, trace_id=TRACE) == ["i1"]
    assert counted(exporting) == {("user", "false"): 1}


def test_incidents_are_found_by_time_newest_first(exporting: Exporting) -> None:
    for number in range(5):
        report(exporting, id=f"i{number}", ts=NOW + number)
    assert find(exporting, since=NOW + 1, until=NOW + 3) == ["i3", "i2", "i1"]
    assert find(exporting, since="2025-11-24T16:00:03Z") == ["i4", "i3"]
    assert find(exporting, status="diagnosed") == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        pytest.param(b"{", "not_json", id="half an object"),
        pytest.param(b"[]", "object", id="a list"),
        pytest.param(b'{"trace_id": "xyz"}', "trace_id", id="no trace id"),
        pytest.param(b'{"email": "ann@example.org"}', "not known", id="a field that might hold personal data"),
        pytest.param(b'{"status": "forgotten"}', "status", id="a status nobody knows"),
        pytest.param(b'{"id": "../x"}', "id", id="an id with other characters"),
        pytest.param(b'{"id": "' + b"x" * 200 + b'"}', "id", id="an id that is too long"),
    ],
)
def test_what_is_no_report_is_refused_without_repeating_it(exporting: Exporting, body: bytes, word: str) -> None:
    answer = report(exporting, body)
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    assert "example.org" not in answer.text
    assert counted(exporting) == {}
    assert value(exporting.get().text, "agent_exporter_requests_refused_total", path="/incidents", code="400") == 1


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_the_token_nothing_is_taken_or_told(exporting: Exporting, headers: dict[str, str]) -> None:
    report(exporting, id="i1")
    assert exporting.post("/incidents", b"{}", headers=headers).status_code == 401
    assert exporting.get("/incidents", headers=headers).status_code == 401
    assert counted(exporting) == {("user", "false"): 1}


def test_huge_bodies_and_other_types_are_refused(exporting: Exporting) -> None:
    assert report(exporting, b'{"text": "' + b"x" * 70_000 + b'"}').status_code == 413
    assert exporting.post("/incidents", b"a=1", headers=AUTH).status_code == 415
    assert counted(exporting) == {}


def test_a_long_text_is_cut_and_no_text_is_on_the_page(exporting: Exporting) -> None:
    item = report(exporting, id="i1", text="ann@example.org " * 9).json()
    assert len(item["text"]) == 41
    assert "example.org" not in exporting.get().text


def test_reports_of_many_threads_are_counted_once_each(exporting: Exporting) -> None:
    def post(start: int) -> None:
        for number in range(start, start + 10):
            assert report(exporting, id=f"i{number}").status_code in {200, 201}

    threads = [threading.Thread(target=post, args=(start,)) for start in (0, 5, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(exporting) == {("user", "false"): 20}


def test_the_ledger_and_its_counts_survive_a_restart(config: Path) -> None:
    with Exporting(exporter(), config) as running:
        report(running, id="i1", trace_id=TRACE)
    with Exporting(exporter(), config) as running:
        assert find(running, trace_id=TRACE) == ["i1"]
        assert report(running, id="i1").status_code == 200
        assert counted(running) == {("user", "true"): 1}


def stages(desk: Desk) -> dict[str, float]:
    return {labels[0]: at - NOW for labels, at in desk.rows("agent_improvement_stage_oldest_timestamp_seconds").items()}


def test_the_loop_of_improvement(tmp_path: Path) -> None:
    log = tmp_path / "desk.jsonl"
    with Desk(tmp_path, incidents={"files": ["desk.jsonl"], "existing": "read"}) as desk:
        append(
            log, {"id": "a", "ts": NOW + 1}, {"id": "b", "ts": NOW + 2, "trace_id": TRACE}, {"id": "c", "ts": NOW + 3}
        )
        desk.tick()
        assert stages(desk) == {"trace": 1, "diagnosis": 2}
        append(log, {"id": "a", "ts": NOW + 5, "trace_id": TRACE}, {"id": "b", "ts": NOW + 7, "status": "diagnosed"})
        desk.tick()
        assert stages(desk) == {"trace": 3, "diagnosis": 5, "change": 7}
        append(log, {"id": "b", "ts": NOW + 11, "status": "changed"}, {"id": "a", "ts": NOW + 13, "status": "deployed"})
        append(log, {"id": "b", "ts": NOW + 6, "status": "open"})  # old news
        desk.tick()
        assert stages(desk) == {"trace": 3, "deploy": 11, "eval": 13}
        for item in "abc":
            append(log, {"id": item, "ts": NOW + 17, "status": "evaluated"})
        desk.tick()
        assert stages(desk) == {}
        assert desk.rows("agent_incidents_total") == {("false", "user"): 2, ("true", "user"): 1}


def test_a_line_without_an_id_that_comes_again_is_the_same_incident(tmp_path: Path) -> None:
    log = tmp_path / "desk.jsonl"
    with Desk(tmp_path, incidents={"files": ["desk.jsonl"], "existing": "read"}) as desk:
        append(log, {"ts": NOW, "text": "wrong"}, {"text": "wrong", "ts": NOW}, {"ts": NOW + 1, "text": "wrong"})
        desk.tick()
        assert desk.rows("agent_incidents_total") == {("false", "user"): 2}


def test_the_ledger_is_bounded_and_lets_go_of_what_is_done_with_first(tmp_path: Path) -> None:
    log, ledger = tmp_path / "desk.jsonl", tmp_path / "ledger.jsonl"
    section = {"files": ["desk.jsonl"], "existing": "read", "ledger": "ledger.jsonl", "keep": 20}
    with Desk(tmp_path, incidents=section) as desk:
        append(log, {"id": "waits", "ts": NOW})
        append(log, *({"id": f"i{n}", "ts": NOW + n, "status": "evaluated"} for n in range(3000)))
        desk.tick()
        assert len(desk.feed("incidents").handler.ledger) <= 20  # type: ignore[attr-defined]
        assert stages(desk) == {"trace": 0}
        assert desk.rows("agent_incidents_total") == {("false", "user"): 3001}
    assert len(ledger.read_bytes().splitlines()) <= 20
    with Desk(tmp_path, incidents=section) as desk:
        assert stages(desk) == {"trace": 0}


def test_a_half_written_row_is_cut_off_and_a_damaged_one_refused(tmp_path: Path) -> None:
    ledger, section = tmp_path / "ledger.jsonl", {"ledger": "ledger.jsonl", "files": ["x.jsonl"], "existing": "read"}
    append(tmp_path / "x.jsonl", {"id": "a", "ts": NOW}, {"id": "b", "ts": NOW})
    with Desk(tmp_path, incidents=section) as desk:
        desk.tick()
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + whole[:31])
    with Desk(tmp_path, incidents=section):
        assert ledger.read_bytes() == whole
    ledger.write_bytes(b"{}\n" + whole)
    with pytest.raises(ConfigError, match="line 1"):
        Desk(tmp_path, incidents=section)
    ledger.write_bytes(whole)
    with Desk(tmp_path, incidents=section) as desk:
        assert len(desk.feed("incidents").handler.ledger) == 2  # type: ignore[attr-defined]
