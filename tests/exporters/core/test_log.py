"""One line an event, and no secret in any of them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.exporters.configs import a_target, write
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core import log
from watchbill_exporters.core.errors import ScrapeError
from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.core.secret import Secret, redact

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "opensesame-7"  # noqa: S105 - to be looked for


def logged(form: log.Form, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    log.configure(level, form, stream)
    return stream


def test_logfmt_quotes_what_needs_it() -> None:
    stream = logged("logfmt")
    log.logger("watchbill_exporters.test").info("it is so", target="main", error='a "b"\nc', count=3, nothing="")

    line = stream.getvalue()
    assert line.count("\n") == 1
    assert line.endswith('level=info event="it is so" target=main error="a \\"b\\"\\nc" count=3 nothing=""\n')


def test_json_lines_parse_and_tracebacks_stay_on_the_line() -> None:
    stream = logged("json")
    try:
        int("what")
    except ValueError:
        log.logger("watchbill_exporters.test").error("failed", exc_info=True, n=7)

    row = json.loads(stream.getvalue())
    assert (row["level"], row["event"], row["n"]) == ("error", "failed", 7)
    assert "ValueError: invalid literal" in row["trace"]


def test_levels_leave_out_what_is_below() -> None:
    stream = logged("logfmt", "warning")
    log.logger("watchbill_exporters.test").info("quiet")

    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["logfmt", "json"])
def test_a_secret_is_masked_wherever_it_turns_up(form: log.Form, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    assert Secret(file=file).reveal() == SECRET
    stream = logged(form)
    logger = log.logger("watchbill_exporters.test")
    try:
        int(f"redis://user:{SECRET}@host/0")
    except ValueError as error:
        logger.error("failed: " + SECRET, exc_info=True, error=str(error), nested={"password": SECRET})  # noqa: G003,G201 - as careless code does

    assert SECRET not in stream.getvalue()
    assert "***" in stream.getvalue()


def test_the_user_part_of_a_url_is_masked_without_knowing_the_secret() -> None:
    assert redact("amqp://bob:never-seen@host/x and http://host/y@z") == "amqp://***@host/x and http://host/y@z"


def test_a_secret_shows_where_it_is_and_not_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WB_TEST_SECRET", SECRET)
    secret = Secret(env="WB_TEST_SECRET")

    assert secret.reveal() == SECRET
    assert SECRET not in f"{secret} {secret!r}"
    with pytest.raises(ScrapeError, match="cannot be read: FileNotFoundError"):
        Secret(file=tmp_path / "gone").reveal()


def test_no_secret_leaves_by_page_or_log_when_a_target_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WB_TEST_SECRET", SECRET)
    stream = logged("logfmt", "debug")
    runtime = Runtime(EXPORTER, write(tmp_path, a_target(9, password="${WB_TEST_SECRET}")))  # noqa: S106 - a reference

    page = "\n".join(map(str, runtime.scrape(runtime.deadline(2))))

    assert "target cannot be read" in stream.getvalue()
    assert SECRET not in page + stream.getvalue()
