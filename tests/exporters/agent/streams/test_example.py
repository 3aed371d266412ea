"""The example of docs/recipes/agent-streams.md, run as it stands there: real SSE, a client that drops and resumes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from lab.ports import free_port
from lab.process import wait_until
from tests.exporters.agent.desk import Desk
from tests.exporters.pages import value

if TYPE_CHECKING:
    from collections.abc import Iterator

RECIPE = Path(__file__).parents[4] / "docs" / "recipes" / "agent-streams.md"


def example() -> str:
    found = re.search(r"<!-- example: sse_server.py -->\n```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "sse_server.py").write_text(example())
    port = free_port()
    command = [sys.executable, str(tmp_path / "sse_server.py"), str(tmp_path / "edge.jsonl"), str(port)]
    server = subprocess.Popen(command)
    try:
        url = f"http://127.0.0.1:{port}/"
        assert wait_until(lambda: listening(url), 60, 0.05)
        yield url
    finally:
        server.kill()
        server.wait()


def listening(url: str) -> bool:
    try:
        return requests.head(url, timeout=1).status_code == 501
    except requests.RequestException:
        return False


def read(url: str, last_id: str | None = None, most: int = 99) -> list[str]:
    """Return the ids of events, of `most` at most: then the connection is dropped."""
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    ids: list[str] = []
    with requests.get(url, headers=headers, stream=True, timeout=60) as answer:
        for line in answer.iter_lines(chunk_size=1):
            if line.startswith(b"id: "):
                ids.append(line[4:].decode())
            if len(ids) == most:
                break
    return ids


def test_the_example_is_as_short_as_it_says() -> None:
    assert len([line for line in example().splitlines() if line]) <= 42


def test_a_client_that_drops_and_resumes(url: str, tmp_path: Path) -> None:
    assert read(url) == list("1234567")
    assert read(url, most=3) == list("123")
    assert read(url, last_id="3") == list("4567")
    assert read(url, last_id="1") == []
    assert read(url, last_id="mine") == []
    with Desk(tmp_path, streams={"files": ["edge.jsonl"], "existing": "read"}) as desk:

        def ended() -> bool:
            desk.tick()
            return sum(desk.rows("agent_streams_total").values()) == 3

        assert wait_until(ended, 60, 0.05)
        assert desk.rows("agent_streams_total") == {("support", "completed"): 2, ("support", "client_closed"): 1}
        assert desk.rows("agent_stream_reconnects_total") == {
            ("present", "resumed"): 1, ("expired", "rejected"): 1, ("unknown", "rejected"): 1
        }  # fmt: skip
        assert desk.rows("agent_streams_active") == {}
        assert desk.rows("agent_exporter_lines_refused_total") == {}
        assert value(desk.page(), "agent_stream_first_event_seconds_count", agent="support") == 3
        first = value(desk.page(), "agent_stream_first_event_seconds_sum", agent="support")
        assert first is not None
        assert 0.15 <= first < 3
