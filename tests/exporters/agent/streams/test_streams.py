"""Streams, from edge logs: what users waited for, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import NOW, Desk, append
from tests.exporters.pages import value, values
from watchbill_exporters.agent.listeners import SpanEvent, SpanEvents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, streams={"files": ["edge.jsonl"], "stall_after": "11s", "existing": "read"}) as made:
        yield made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "edge.jsonl"


def a_stream(log: Path, *events: tuple[float, str], stream: str = "s1", **end: Any) -> None:
    """Write a stream of the agent `support`: (seconds after its start, event)."""
    for seconds, event in events:
        more: dict[str, Any] = {"open": {"agent": "support"}, "end": end, "empty": {"bytes": 0}}.get(event, {})
        kind = "data" if event == "empty" else event
        append(log, {"ts": NOW + seconds, "event": kind, "stream": stream, **more})


def sums(page: str, name: str) -> tuple[float | None, float | None]:
    return value(page, f"{name}_count", agent="support"), value(page, f"{name}_sum", agent="support")


def test_first_event_and_largest_gap_are_those_of_what_the_user_saw(desk: Desk, log: Path) -> None:
    events = [(0, "open"), (1, "heartbeat"), (3, "data"), (4, "empty"), (5, "heartbeat"), (10, "data"), (12, "end")]
    a_stream(log, *events, outcome="completed")
    desk.tick()
    page = desk.page()
    assert sums(page, "agent_stream_first_event_seconds") == (1, 3)
    assert sums(page, "agent_stream_max_gap_seconds") == (1, 7)
    assert desk.rows("agent_streams_total") == {("support", "completed"): 1}
    assert desk.rows("agent_stream_stalls_total") == {}


@pytest.mark.parametrize(
    ("events", "outcome", "expected", "stalls"),
    [
        pytest.param([(0, "open"), (1, "data"), (2, "end")], "completed", "completed", {}, id="a whole stream"),
        pytest.param([(0, "open"), (1, "data"), (2, "end")], "client_closed", "client_closed", {}, id="hung up"),
        pytest.param(
            [(0, "open"), (1, "data"), (12, "end")], "client_closed", "stalled", {"mid_stream": 1},
            id="hung up in a stall",
        ),
        pytest.param([(0, "open"), (11, "end")], "error", "error", {"first_event": 1}, id="an error after silence"),
        pytest.param(
            [(0, "open"), (9, "heartbeat"), (13, "data"), (14, "end")], "completed", "completed", {"first_event": 1},
            id="heartbeats do not reset the clock",
        ),
        pytest.param(
            [(0, "open"), (1, "data"), (9, "empty"), (12, "data"), (23, "data"), (24, "end")], "completed", "completed",
            {"mid_stream": 2}, id="two stalls in one stream",
        ),
        pytest.param([(0, "open"), (10.9, "data"), (12, "end")], "completed", "completed", {}, id="just in time"),
        pytest.param([(0, "open"), (1, "data"), (2, "end")], None, "truncated", {}, id="nobody said how it ended"),
        pytest.param([(0, "open"), (1, "data"), (2, "end")], "exploded", "other", {}, id="an outcome nobody knows"),
        pytest.param([(0, "open"), (2, "data"), (1, "end")], "completed", "completed", {}, id="clocks that go back"),
    ],
)  # fmt: skip
def test_outcomes_and_stalls(
    desk: Desk, log: Path, events: list[tuple[float, str]], outcome: str | None, expected: str, stalls: dict[str, int]
) -> None:
    a_stream(log, *events, **({} if outcome is None else {"outcome": outcome}))
    desk.tick(30)
    assert desk.rows("agent_streams_total") == {("support", expected): 1}
    assert desk.rows("agent_stream_stalls_total") == {("support", phase): n for phase, n in stalls.items()}


def test_a_stall_is_seen_while_it_lasts_and_counted_once(desk: Desk, log: Path) -> None:
    a_stream(log, (0, "open"), (1, "data"))
    desk.tick(15)
    assert desk.rows("agent_stream_stalls_total") == {}
    desk.tick(3)
    assert desk.rows("agent_stream_stalls_total") == {("support", "mid_stream"): 1}
    a_stream(log, (40, "data"), (41, "end"), outcome="completed")
    desk.tick(100)
    assert desk.rows("agent_stream_stalls_total") == {("support", "mid_stream"): 1}
    assert desk.rows("agent_streams_total") == {("support", "completed"): 1}


def test_a_stream_without_an_end_is_given_up_as_stalled(desk: Desk, log: Path) -> None:
    a_stream(log, (0, "open"), (1, "data"))
    desk.tick(3600)
    assert desk.rows("agent_streams_active") == {("support",): 1}
    desk.tick(7)
    assert desk.rows("agent_streams_active") == {}
    assert value(desk.page(), "agent_streams_active", agent="support") == 0
    assert desk.rows("agent_streams_total") == {("support", "stalled"): 1}


def test_reconnects_by_cursor_and_result(desk: Desk, log: Path) -> None:
    opened = {"ts": NOW, "event": "open", "agent": "support"}
    append(
        log,
        {**opened, "stream": "s1", "cursor": "present", "result": "resumed"},
        {**opened, "stream": "s2", "cursor": "present", "result": "gap"},
        {**opened, "stream": "s3", "cursor": "missing", "result": "full_replay"},
        {**opened, "stream": "s4"},
        {"ts": NOW, "event": "reconnect", "cursor": "expired", "result": "rejected"},
        {"ts": NOW, "event": "reconnect", "cursor": "expired", "result": "rejected"},
        {"ts": NOW, "event": "reconnect", "cursor": "stale", "result": "rejected"},
    )
    desk.tick()
    assert desk.rows("agent_stream_reconnects_total") == {
        ("present", "resumed"): 1, ("present", "gap"): 1, ("missing", "full_replay"): 1, ("expired", "rejected"): 2
    }  # fmt: skip
    assert desk.rows("agent_streams_active") == {("support",): 4}


def test_what_is_out_of_place_is_refused_and_changes_nothing(desk: Desk, log: Path) -> None:
    a_stream(log, (0, "data"), (1, "open"), (2, "open"), (3, "end"), (4, "end"), (5, "data"), outcome="completed")
    append(
        log, {"ts": NOW, "event": "pause", "stream": "s1"}, {"event": "data", "stream": "s1"}, {"ts": NOW, "evnt": 1}
    )
    desk.tick()
    assert desk.rows("agent_streams_total") == {("support", "completed"): 1}
    assert desk.rows("agent_exporter_lines_total") == {("streams",): 2}
    assert desk.rows("agent_exporter_lines_refused_total") == {
        ("streams", "out_of_place"): 4, ("streams", "wrong_shape"): 3
    }  # fmt: skip


def test_a_span_with_stream_events_is_a_stream(desk: Desk) -> None:
    def span(*events: tuple[float, str], failed: bool = False, number: int = 1, **end: str) -> SpanEvents:
        told = tuple(SpanEvent(name, NOW + at, end if name == "stream.end" else {}) for at, name in events)
        return SpanEvents(TRACE, f"{number:016x}", "support", "invoke_agent", NOW, NOW + 20, failed, told, root=True)

    tell = [
        span((3, "stream.data"), (4, "stream.heartbeat"), (9, "stream.data")),
        span((15, "stream.data"), (16, "stream.end"), number=2, outcome="client_closed"),
        span((1, "stream.data"), number=3, failed=True),
        span((1, "gen_ai.content.chunk"), number=4),
    ]
    for told in tell:
        for listener in desk.hub.span_listeners:
            listener.span_events(told)
    assert desk.rows("agent_streams_total") == {
        ("support", "completed"): 1, ("support", "client_closed"): 1, ("support", "error"): 1
    }  # fmt: skip
    assert desk.rows("agent_stream_stalls_total") == {("support", "first_event"): 1, ("support", "mid_stream"): 2}
    assert sums(desk.page(), "agent_stream_first_event_seconds") == (3, 19)
    exemplars = desk.page("application/openmetrics-text; version=1.0.0")
    assert f'# {{trace_id="{TRACE}"}} 15' in exemplars


def test_open_streams_survive_a_restart(tmp_path: Path, log: Path) -> None:
    config: dict[str, Any] = {"state": {"file": "state"}, "streams": {"files": ["edge.jsonl"], "stall_after": "11s"}}
    with Desk(tmp_path, **config) as desk:
        a_stream(log, (0, "open"), (1, "data"))
        desk.tick()
    a_stream(log, (8, "data"), (9, "end"), outcome="completed")
    with Desk(tmp_path, **config) as desk:
        assert desk.rows("agent_streams_active") == {("support",): 1}
        desk.tick()
        assert sums(desk.page(), "agent_stream_max_gap_seconds") == (1, 7)
        assert sums(desk.page(), "agent_stream_first_event_seconds") == (1, 1)


def test_a_hundred_agents_are_shown_and_active_streams_of_others_add_up(desk: Desk, log: Path) -> None:
    opened = [{"ts": NOW, "event": "open", "stream": f"s{n}", "agent": f"a{n}"} for n in range(1017)]
    append(log, *opened)
    desk.tick()
    active = {labels[0]: n for labels, n in desk.rows("agent_streams_active").items()}
    assert len(active) == 101
    assert active["other"] == 917
    append(log, *({"ts": NOW, "event": "end", "stream": f"s{n}", "outcome": "completed"} for n in range(1017)))
    desk.tick()
    ended = desk.rows("agent_streams_total")
    assert sum(ended.values()) == 1017
    assert ended["other", "completed"] == 917
    assert desk.rows("agent_streams_active") == {}


def test_known_series_start_at_0(desk: Desk) -> None:
    found = {(name, *(v for _, v in sorted(labels))) for (name, labels), v in values(desk.page()).items() if v == 0}
    assert ("agent_stream_reconnects_total", "expired", "rejected") in found
    assert ("agent_exporter_lines_refused_total", "streams", "not_json") in found


def test_a_line_that_stays_half_written_does_not_stop_the_clock(desk: Desk, log: Path) -> None:
    a_stream(log, (0, "open"), (1, "data"))
    with log.open("ab") as file:
        file.write(b'{"ts": 17')
    desk.tick(60)
    assert desk.rows("agent_stream_stalls_total") == {("support", "mid_stream"): 1}
