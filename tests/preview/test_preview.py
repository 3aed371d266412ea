from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.grafana.gate import DEFINITIONS, violations
from tests.preview import picture
from tests.preview.__main__ import main, report
from tests.preview.picture import Outcome
from tests.preview.sample import SAMPLE
from tests.preview.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator


def a_panel(**facts: Any) -> dict[str, Any]:
    return {"title": "Errors", "state": "ok", "message": "", "notes": [], **facts}


def an_outcome(*panels: dict[str, Any], problems: tuple[str, ...] = ()) -> Outcome:
    return Outcome(Path("seen/agents.png"), panels, problems)


def test_the_sample_is_a_dashboard_that_grafana_knows_with_every_panel_type() -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    shown = {panel["type"] for each in sample["panels"] for panel in [each, *each.get("panels", ())]}
    assert violations(sample) == []
    assert shown - {"row"} == set(DEFINITIONS["Options"])


@pytest.mark.parametrize(
    ("outcome", "allow_empty", "good", "said"),
    [
        (
            an_outcome(a_panel(notes=["no unit is called parsecs"])),
            False,
            True,
            "note: Errors: no unit is called parsecs",
        ),
        (an_outcome(a_panel(state="empty", message="no data")), False, False, "empty: Errors: no data"),
        (an_outcome(a_panel(state="empty", message="no data")), True, True, "empty: Errors: no data"),
        (an_outcome(a_panel(state="error", message="parse error")), True, False, "error: Errors: parse error"),
        (an_outcome(a_panel(), problems=("variable agent: has no value",)), True, False, "error: variable agent: has"),
    ],
)
def test_what_is_empty_or_wrong_is_named(
    *, outcome: Outcome, allow_empty: bool, good: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(outcome, allow_empty=allow_empty) is good
    assert said in capsys.readouterr().out


def test_without_its_set_up_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(picture, "BUILT", tmp_path)
    assert main([str(SAMPLE), "--prometheus", "http://127.0.0.1:1", "--out", str(tmp_path)]) == 2
    assert "make preview" in capsys.readouterr().err


class Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(400)
        self.end_headers()
        self.wfile.write(f"{self.path} {asked}".encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/prefix/"
        server.shutdown()


def test_the_page_hears_what_prometheus_says_of_a_query(refusing: str, tmp_path: Path) -> None:
    with serving(tmp_path, {"theme": "dark"}, refusing) as url:
        assert json.loads(urllib.request.urlopen(f"{url}/settings.json").read()) == {"theme": "dark"}
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(f"{url}/prometheus/api/v1/query", data=b"query=up(")
    assert (answer.value.code, answer.value.read()) == (400, b"/prefix/api/v1/query query=up(")
