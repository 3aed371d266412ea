"""Children: what becomes of them, and what is said of it."""

from __future__ import annotations

import io
import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from compose.demo.children import Child, StartError
from compose.demo.family import Family
from compose.demo.mailbox import Mailbox
from compose.demo.progress import Progress
from lab.process import wait_until

if TYPE_CHECKING:
    from pathlib import Path

SLEEPS = "import time; print('here', flush=True); time.sleep(60)"
IGNORES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN = IGNORES + SLEEPS


def a_child(folder: Path, code: str = SLEEPS, name: str = "worker") -> Child:
    log = folder / f"{name}.log"
    return Child(name, [sys.executable, "-c", code], log, lambda: log.exists() and "here" in log.read_text())


def test_one_that_ends_while_it_starts_is_named_with_its_last_words(tmp_path: Path) -> None:
    family = Family()
    with pytest.raises(StartError, match=r"worker ended with 3 while it started\n    no such file") as error:
        family.add(a_child(tmp_path, "import sys; sys.stderr.write('no such file\\n'); sys.exit(3)"))
    assert "here" not in str(error.value)


def test_one_that_dies_is_told_once_and_can_be_started_again(tmp_path: Path) -> None:
    family, fate = Family(), tmp_path / "fate"
    waits = f"while not os.path.exists({str(fate)!r}): time.sleep(0.05)\n"
    family.add(a_child(tmp_path, f"import os, time; print('here', flush=True)\n{waits}os.abort()"))
    fate.touch()
    assert wait_until(lambda: not family["worker"].running, 30)
    [dead] = family.died()
    assert dead.ended() == "was killed by SIGABRT"
    assert family.died() == []
    fate.unlink()
    family.start("worker")
    assert family["worker"].running
    family.end()


def test_one_that_is_killed_on_purpose_has_not_died(tmp_path: Path) -> None:
    family = Family()
    family.add(a_child(tmp_path))
    family.kill("worker")
    assert (family["worker"].running, family.died()) == (False, [])


def test_all_end_even_one_that_does_not_want_to(tmp_path: Path) -> None:
    family = Family()
    family.add(a_child(tmp_path, name="willing"), a_child(tmp_path, STUBBORN, name="stubborn"))
    begun = time.monotonic()
    family["stubborn"].end()
    family["stubborn"].wait_ended(0.5)
    family.end()
    assert time.monotonic() - begun < 10
    assert not [child.name for child in family if child.running]


def test_progress_is_plain_lines_where_nobody_looks_and_one_changing_line_where_somebody_does() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, terminal = io.StringIO(), Terminal()
    for out in (plain, terminal):
        progress = Progress(out)
        progress.step("history")
        progress.detail("tiles")
        progress.step("exporters")
        progress.done()
    assert re.fullmatch(r"  ok  history \(\d\.\d s\)\n  ok  exporters \(\d\.\d s\)\n", plain.getvalue())
    assert "\r\x1b[2K  ... history: tiles" in terminal.getvalue()


def test_what_receivers_got_is_kept_by_alert_and_asked_for_by_time() -> None:
    mailbox = Mailbox()
    alert = {"status": "firing", "labels": {"alertname": "A"}, "annotations": {"summary": "s"}, "startsAt": "x"}
    mailbox.take("page", {"alerts": [alert, alert]}, 17.0)
    mailbox.take("ticket", {"alerts": [{**alert, "status": "resolved"}]}, 29.0)
    assert [(row["receiver"], row["status"], row["at"]) for row in mailbox.since(18)] == [("ticket", "resolved", 29.0)]
    assert len(mailbox.since(0)) == 3
    assert mailbox.since(0)[0].keys() == {"receiver", "status", "labels", "annotations", "at"}
    with pytest.raises(KeyError):
        mailbox.take("page", {"alerts": [{"labels": {}}]}, 31.0)
    assert len(mailbox.since(0)) == 3
