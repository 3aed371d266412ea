"""`watchbill drill` with bad input: names, addresses, secrets. What it does with good ones is tested live."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from lab.ports import free_port
from lab.toolchain import ROOT
from tests.unit.cli.console import Shown, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC = str(ROOT / "watchbill.yaml")
SECRET = "s3cr3t-of-the-drill"  # noqa: S105 - to be looked for in what is printed


class Door(BaseHTTPRequestHandler):
    """Lets in who knows the secret, and answers what no Alertmanager would."""

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == f"Bearer {SECRET}"
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b"<html>" if "html" in self.path else json.dumps({"status": "other"}).encode())

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def door() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def drill(capsys: Shown, url: str, *more: str) -> tuple[int, str]:
    code, out, err = run(capsys, "drill", SPEC, *more, "--route-only", "--yes", "--alertmanager", url)
    assert out == ""
    assert SECRET not in err
    return code, err


def test_every_unknown_alert_is_named_with_the_nearest(capsys: Shown) -> None:
    code, err = drill(capsys, "http://127.0.0.1:1", "RunSuccesBudgetBurnFast", "Watchdog")
    assert code == 1
    assert "there is no alert 'RunSuccesBudgetBurnFast'; did you mean 'RunSuccessBudgetBurnFast'?" in err
    assert "there is no alert 'Watchdog'" in err


def test_what_to_drill_has_to_be_said(capsys: Shown) -> None:
    code, _, err = run(capsys, "drill", SPEC)
    assert code == 2
    assert "--route-only with --alertmanager" in err


def test_an_alertmanager_that_is_not_there_is_said_with_its_address(capsys: Shown) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    code, err = drill(capsys, url)
    assert (code, err) == (1, f"watchbill: could not reach Alertmanager at {url}: [Errno 111] Connection refused\n")


def test_who_is_not_let_in_is_told_what_to_give_and_secrets_are_never_shown(
    capsys: Shown, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert drill(capsys, door) == (
        1,
        (
            f"watchbill: Alertmanager at {door} refuses access (HTTP 401): give a token, or a user and password, "
            "that may do this\n"
        ),
    )
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    let_in = f"watchbill: {door} does not answer as Alertmanager does: is the URL right?\n"
    assert drill(capsys, door, "--token-file", str(file)) == (1, let_in)
    monkeypatch.setenv("WATCHBILL_DRILL_TOKEN", SECRET)
    assert drill(capsys, door) == (1, let_in)
    assert drill(capsys, f"{door}/html") == (1, let_in.replace(door, f"{door}/html"))


@pytest.mark.parametrize("url", [f"http://me:{SECRET}@host:9093", f"http://host:9093/?token={SECRET}", "host:9093"])
def test_an_address_with_a_secret_in_it_is_refused_without_showing_it(capsys: Shown, url: str) -> None:
    code, err = drill(capsys, url)
    assert code == 1
    assert "the URL of Alertmanager" in err


def test_a_file_that_holds_no_secret_is_named(capsys: Shown, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")
    for path, said in ((empty, "should hold one secret"), (tmp_path / "none", "could not read a secret")):
        code, err = drill(capsys, "http://127.0.0.1:1", "--token-file", str(path))
        assert code == 1
        assert said in err
        assert str(path) in err


def test_every_tool_that_is_missing_is_named(capsys: Shown, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = run(capsys, "drill", SPEC, "--local", "--promtool", "promtool-of-mine")
    assert (code, out) == (1, "")
    assert "not found: prometheus, promtool, alertmanager" in err
    assert "--prometheus-binary" in err


def test_a_server_that_does_not_start_is_said_with_its_last_words(capsys: Shown, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no such flag >&2\nexit 3\n")
    broken.chmod(0o755)
    flags = (
        part for name in ("--prometheus-binary", "--promtool", "--alertmanager-binary") for part in (name, str(broken))
    )
    code, _, err = run(capsys, "drill", SPEC, "SupportAgentsWatchdog", "--local", *flags)
    assert code == 1
    assert "alertmanager did not start:\nno such flag" in err
