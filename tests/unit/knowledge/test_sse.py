"""What the page on streams that do not resume says of servers, curl and browsers, against real ones."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from lab.serving import Serving
from watchbill.knowledge.library import packaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LAST = 60


class Server(Serving):
    """Streams events 1 to 60 once each connection, from where `wrong` makes it begin, and notes the cursors it got."""

    def __init__(self, *, wrong: str = "", ids: bool = True, status: int = 200) -> None:
        self.cursors: list[str | None] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith("/runs/"):
                    page = b"<script>new EventSource('/runs/7/stream')</script>"
                    self.send_response(200)
                    self.send_header("content-type", "text/html")
                    self.end_headers()
                    self.wfile.write(page)
                    return
                cursor = self.headers.get("Last-Event-ID")
                server.cursors.append(cursor)
                self.send_response(status if cursor or len(server.cursors) > 1 else 200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                first = {"full_replay": 1, "gap": 57}.get(wrong, int(cursor or 0) + 1)
                self.wfile.write(b"retry: 50\n\n")
                for n in range(first, min(first + 3, LAST)):
                    self.wfile.write((f"id: {n}\n" if ids else "").encode() + b'data: {"delta": "x"}\n\n')

        super().__init__(Handler)
        self.url = f"http://127.0.0.1:{self.port}"


def resumed(server: Server) -> str:
    """Run the page's own resume command against a server."""
    section = packaged()["stream-resume"].section("Diagnose")
    assert section is not None
    (command,) = (b for b in re.findall(r"```sh\n(.*?)```", section.text, re.DOTALL) if "Last-Event-ID: 42" in b)
    command = command.replace("https://YOUR-GATEWAY", server.url).replace("RUN", "7")
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize(("wrong", "first"), [("", "43"), ("full_replay", "1"), ("gap", "57")])
def test_the_resume_command_tells_right_servers_from_wrong_ones(wrong: str, first: str) -> None:
    with Server(wrong=wrong) as server:
        answer = resumed(server)
    assert server.cursors == ["42"]
    assert " 200 " in answer.split("\n", 1)[0]
    assert re.findall(r"^id: (\d+)$", answer, re.MULTILINE)[0] == first


@contextmanager
def browsing(url: str, profile: Path) -> Iterator[None]:
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0")  # fmt: skip
    process = subprocess.Popen(
        [str(CHROMIUM), *flags, f"--user-data-dir={profile}", url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_a_browser_sends_the_cursor_once_it_has_seen_an_id_and_never_without(tmp_path: Path) -> None:
    with Server() as server, browsing(f"{server.url}/page", tmp_path / "a"):
        assert wait_until(lambda: len(server.cursors) >= 3, 90)
    assert server.cursors[:3] == [None, "3", "6"]
    with Server(ids=False) as server, browsing(f"{server.url}/page", tmp_path / "b"):
        assert wait_until(lambda: len(server.cursors) >= 3, 90)
    assert set(server.cursors) == {None}


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("status", [204, 404, 500])
def test_a_browser_gives_up_on_any_status_but_200(status: int, tmp_path: Path) -> None:
    with Server(status=status) as server, browsing(f"{server.url}/page", tmp_path):
        assert wait_until(lambda: len(server.cursors) >= 2, 90)
        assert not wait_until(lambda: len(server.cursors) > 2, 2)
    assert server.cursors == [None, "3"]
