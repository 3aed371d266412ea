"""What is answered, and what is refused."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import requests
import yaml

from lab.process import wait_until
from tests.exporters.certificates import PASSWORD, users
from tests.exporters.configs import a_target, write
from tests.exporters.fixed import Fixed
from tests.exporters.pages import value
from tests.exporters.running import OPENMETRICS, Exporting
from tests.exporters.sample import EXPORTER
from tests.exporters.sample.lines import LinesFeed
from watchbill_exporters.core.contract import Exporter
from watchbill_exporters.core.families import gauge
from watchbill_exporters.core.routes import Response, Route
from watchbill_exporters.core.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFUSED = (b"HTTP/1.1 400", b"HTTP/1.0 400")
NOBODY = 9  # discard: nothing listens there
BODY_LIMIT, INFLATED_LIMIT = 100_003, 1_000_003


@pytest.fixture(scope="module")
def exporting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exporting]:
    config = write(tmp_path_factory.mktemp("http"), a_target(NOBODY, "one:6379/0"), lines={"words": 3})
    with Exporting(EXPORTER, config, patience=2, process=True) as running:
        yield running


def refused(exporting: Exporting, code: str) -> float:
    found = value(exporting.get().text, "sample_exporter_requests_refused_total", path="/lines", code=code)
    assert found is not None
    return found


def raw(exporting: Exporting, request: bytes, patience: float = 10) -> bytes:
    """Send bytes as they are, and read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", exporting.port), timeout=patience) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/metrics", 200),
        ("HEAD", "/metrics", 200),
        ("GET", "/probe?target=one:6379/0", 200),
        ("GET", "/probe", 400),
        ("GET", "/probe?target=http://127.0.0.1/", 404),
        ("GET", "/sd", 200),
        ("GET", "/-/healthy", 200),
        ("GET", "/-/ready", 200),
        ("POST", "/-/reload", 200),
        ("GET", "/-/reload", 405),
        ("GET", "/lines", 405),
        ("DELETE", "/metrics", 405),
        ("GET", "/metrics/", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/config", 404),
    ],
)
def test_a_path_answers_with_its_status(exporting: Exporting, method: str, path: str, status: int) -> None:
    head = f"{method} {path} HTTP/1.1\r\nHost: exporter:9999\r\nConnection: close\r\n\r\n"

    assert raw(exporting, head.encode()).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_wrong_method_names_the_right_ones(exporting: Exporting) -> None:
    assert exporting.post("/metrics").headers["Allow"] == "GET, HEAD"
    assert exporting.get("/lines").headers["Allow"] == "POST"


def test_a_scrape_of_a_target_that_is_down_is_still_a_page(exporting: Exporting) -> None:
    page = exporting.get(headers=OPENMETRICS)

    assert page.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert value(page.text, "sample_up", target="one:6379/0") == 0
    assert "process_resident_memory_bytes" in page.text


def test_a_probe_shows_its_target_only(exporting: Exporting) -> None:
    page = exporting.get("/probe", params={"target": "one:6379/0"}).text

    assert value(page, "sample_up", target="one:6379/0") == 0
    assert "sample_lines" not in page
    assert "process_" not in page


def test_targets_are_discovered_by_name(exporting: Exporting) -> None:
    (group,) = exporting.get("/sd").json()

    assert group["targets"] == [f"127.0.0.1:{exporting.port}"]
    assert group["labels"] == {
        "__scheme__": "http",
        "__metrics_path__": "/probe",
        "__param_target": "one:6379/0",
        "target": "one:6379/0",
    }


def test_a_host_header_cannot_write_into_discovery(exporting: Exporting) -> None:
    assert exporting.get("/sd", headers={"Host": 'x"], "y": ["z'}).status_code == 400


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "identity", None])
def test_a_body_is_inflated(exporting: Exporting, encoding: str | None) -> None:
    body = b"alpha 1\nalpha 2\n"
    packed = {"gzip": gzip.compress(body), "deflate": zlib.compress(body)}.get((encoding or "").lower(), body)
    before = value(exporting.get().text, "sample_lines_total", word="alpha") or 0
    headers = {"Content-Type": "text/plain"} | ({"Content-Encoding": encoding} if encoding else {})

    assert exporting.post("/lines", packed, headers=headers).status_code == 200
    assert value(exporting.get().text, "sample_lines_total", word="alpha") == before + 2


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"a\n" * 60_000, {}, 413, id="a body over the cap"),
        pytest.param(gzip.compress(b"\0" * 90_000_000), {"Content-Encoding": "gzip"}, 413, id="a gzip bomb"),
        pytest.param(gzip.compress(b"a\n" * 9999)[:-9], {"Content-Encoding": "gzip"}, 400, id="a gzip cut short"),
        pytest.param(gzip.compress(b"a") + b"!", {"Content-Encoding": "gzip"}, 400, id="something after the gzip"),
        pytest.param(b"no gzip", {"Content-Encoding": "gzip"}, 400, id="no gzip at all"),
        pytest.param(b"a", {"Content-Encoding": "br"}, 415, id="an encoding we do not read"),
        pytest.param(b"a", {"Content-Type": "application/xml"}, 415, id="a type the source does not read"),
    ],
)
def test_a_body_that_is_not_taken_is_counted(
    exporting: Exporting, body: bytes, headers: dict[str, str], status: int
) -> None:
    before = refused(exporting, str(status))

    assert exporting.post("/lines", body, headers=headers).status_code == status
    assert refused(exporting, str(status)) == before + 1


def test_a_chunked_body_is_capped_without_a_content_length(exporting: Exporting) -> None:
    chunks = (b"x" * 1009 for _ in range(113))

    assert exporting.post("/lines", chunks).status_code == 413  # type: ignore[arg-type]


def test_headers_over_the_cap_are_refused_and_the_server_lives(exporting: Exporting) -> None:
    assert raw(exporting, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 99_991 + b"\r\n\r\n").startswith(REFUSED)
    many = b"".join(b"H%d: x\r\n" % number for number in range(9_973))
    assert raw(exporting, b"GET / HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n").startswith(REFUSED)
    assert exporting.get("/-/healthy").status_code == 200


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\0" * 4096, b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_hung_up_on(exporting: Exporting, garbage: bytes) -> None:
    assert not raw(exporting, garbage).startswith(b"HTTP/1.1 200")
    assert exporting.get("/-/healthy").status_code == 200


def test_a_client_that_trickles_its_headers_is_cut_off(exporting: Exporting) -> None:
    with socket.create_connection(("127.0.0.1", exporting.port), timeout=10) as connection:
        begun = time.monotonic()
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
        assert connection.recv(1024) == b""  # the patience of this fixture is 2 s
        assert time.monotonic() - begun < 9  # by default it is 10 s


def test_slow_clients_do_not_hold_up_others(exporting: Exporting) -> None:
    slow = [socket.create_connection(("127.0.0.1", exporting.port), timeout=10) for _ in range(17)]
    for connection in slow:
        connection.sendall(b"POST /lines HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nab")
    begun = time.monotonic()

    assert exporting.get().status_code == 200
    assert time.monotonic() - begun < 10  # their bodies are waited for for 30 s
    for connection in slow:
        connection.close()


def test_connections_over_the_cap_are_hung_up_on_and_others_come_in_later(tmp_path: Path) -> None:
    with Exporting(EXPORTER, write(tmp_path), connections=23, patience=200) as running:
        many = [socket.create_connection(("127.0.0.1", running.port), timeout=30) for _ in range(61)]
        assert wait_until(lambda: sum(_hung_up(connection) for connection in many) >= 61 - 23, 60)
        for connection in many:
            connection.close()

        def answers() -> bool:
            with suppress(requests.RequestException):
                return running.get("/-/healthy").ok
            return False

        assert wait_until(answers, 60)


def _hung_up(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_bug_in_a_handler_is_a_500_and_the_server_lives(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting.runtime, "scrape", lambda _: 1 / 0)

    answer = exporting.get()

    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert exporting.get("/-/healthy").status_code == 200


def test_the_landing_page_escapes_and_shows_no_config(exporting: Exporting) -> None:
    page = exporting.get("/").text

    assert '<a href="/probe?target=one%3A6379/0">one:6379/0</a>' in page
    assert "POST /lines" in page


def test_a_client_that_does_not_read_its_answer_is_cut_off(tmp_path: Path) -> None:
    page = gauge("big", "Big.", [({"text": "x" * 999_983, "index": str(index)}, index) for index in range(31)])
    exporter = Exporter("big", "big", "Big.", 1, feeds=(Fixed((page,)),))
    config = tmp_path / "big.yaml"
    config.write_text("fixed: {}\n", encoding="utf-8")
    with Exporting(exporter, config, send_seconds=3) as running:  # time enough for one that reads
        assert len(running.get().content) > 30_000_000
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            assert wait_until(lambda: running.server._aio.connections, 30, 0.01)
            assert wait_until(lambda: not running.server._aio.connections, 60)
            size = 0
            with suppress(ConnectionResetError):
                while part := connection.recv(1 << 20):
                    size += len(part)

        assert size < 30_000_000


def test_a_token_is_asked_for_instead_of_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WB_TEST_TOKEN", "sesame-13")
    route = Route("POST", "/secret", lambda _: Response.text(200, "in"), bearer=Secret(env="WB_TEST_TOKEN"))
    monkeypatch.setattr(LinesFeed, "routes", lambda _: [route])
    web = tmp_path / "web.yml"
    web.write_text(yaml.safe_dump(users()), encoding="utf-8")
    with Exporting(EXPORTER, write(tmp_path, lines={}), web) as running:
        right = running.post("/secret", headers={"Authorization": "Bearer sesame-13"})
        wrong = [running.post("/secret", headers={"Authorization": a}) for a in ("", "Bearer x", "Basic c2VzYW1lLTEz")]
        count = value(
            running.get(auth=("prometheus", PASSWORD)).text,
            "sample_exporter_requests_refused_total",
            path="/secret",
            code="401",
        )

    assert right.status_code == 200
    assert [answer.status_code for answer in wrong] == [401] * 3
    assert count == 3


def test_hung_probes_do_not_hold_up_other_probes(tmp_path: Path) -> None:

    def reading() -> int:
        return sum(thread.name.startswith("read hung-") for thread in threading.enumerate())

    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent, ThreadPoolExecutor(40) as pool:
        hung = [a_target(silent.getsockname()[1], f"hung-{number}") for number in range(40)]
        with Exporting(EXPORTER, write(tmp_path, *hung, a_target(NOBODY, "quick"))) as running:
            patience = {"X-Prometheus-Scrape-Timeout-Seconds": "60"}
            asked = [pool.submit(running.get, f"/probe?target={t['name']}", headers=patience) for t in hung]
            assert wait_until(lambda: reading() == 40, 20, 0.05)
            begun = time.monotonic()
            assert running.get("/probe?target=quick").status_code == 200
            assert time.monotonic() - begun < 5
            assert reading() == 40
            silent.close()
            assert {one.result().status_code for one in asked} == {200}


def test_too_many_requests_under_way_are_told_when_to_come_back(tmp_path: Path) -> None:
    with Exporting(EXPORTER, write(tmp_path, lines={})) as running:
        begun, free = threading.Event(), threading.Event()

        def reload() -> None:
            begun.set()
            assert free.wait(60)

        running.runtime.reload = reload  # type: ignore[method-assign]
        with ThreadPoolExecutor(9) as pool:
            answers = [pool.submit(running.post, "/-/reload") for _ in range(9)]
            assert begun.wait(30)
            assert wait_until(lambda: sum(answer.done() for answer in answers) == 5, 30, 0.05)
            free.set()
        found = [answer.result() for answer in answers]

    assert sorted(answer.status_code for answer in found) == [200] * 4 + [429] * 5
    assert {answer.headers.get("Retry-After") for answer in found} == {None, "1"}
