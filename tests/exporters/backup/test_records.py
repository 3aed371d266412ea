"""Records are whole or refused, whatever was killed when; who waits for a lock gets it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill_exporters.backup.records import record as records
from watchbill_exporters.backup.records.directory import BusyError, Kind, Record, Run, Writer, read_all
from watchbill_exporters.core.statefile import StateError

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

WHOLE = records.FORMAT.dump({"kind": "backup", "name": "db", "repository": "nas", "began": 7.5})
OURS = ("backup/records/", "core/statefile")


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_byte_that_is_flipped_is_noticed_or_harmless(at: int, by: int) -> None:
    damaged = WHOLE[:at] + bytes([WHOLE[at] ^ by]) + WHOLE[at + 1 :]
    with suppress(StateError):
        assert records.FORMAT.parse(damaged) == records.FORMAT.parse(WHOLE)


@pytest.mark.parametrize(
    "payload", [{"name": "db"}, {"kind": "other", "name": "db"}, {"kind": "backup", "name": "db", "last": {"ok": 1}}]
)
def test_a_record_with_other_fields_is_refused(tmp_path: Path, payload: dict[str, object]) -> None:
    file = tmp_path / "x.record"
    file.write_bytes(records.FORMAT.dump(payload))
    with pytest.raises(StateError, match=r"x\.record does not fit"):
        list(read_all(tmp_path))


class Killer:
    """Counts the lines of our code that run, and kills before one of them."""

    def __init__(self, at: int) -> None:
        self.at, self.lines = at, 0

    def __call__(self, frame: FrameType, event: str, _: object) -> Killer | None:
        if not any(part in frame.f_code.co_filename for part in OURS):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def good_then_bad(folder: Path) -> None:
    for ok in (True, False):
        writer = Writer.open(folder, Record(Kind.BACKUP, "db"))
        writer.begin(100.0 if ok else 200.0)
        writer.end(Run(100.0 if ok else 200.0, 150.0 if ok else 250.0, 50.0, ok))
        writer.close()


def killed(folder: Path, at: int) -> bool:
    """Run it in a child that is killed before line `at`; return whether there was one."""
    folder.mkdir()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            sys.settrace(Killer(at))
            good_then_bad(folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_before_any_line_of_its_code_the_record_tells_no_wrong_success(tmp_path: Path) -> None:
    at = 1
    while killed(tmp_path / str(at), at):
        found = list(read_all(tmp_path / str(at)))
        for one in found:
            assert one.last_good is None or (one.last_good.began, one.last_good.ended) == (100.0, 150.0)
            assert one.last is None or one.last.ok == (one.last.began == 100.0 and one.last == one.last_good)
            assert one.began is None
        good_then_bad(tmp_path / str(at))
        (after,) = read_all(tmp_path / str(at))
        assert after.last is not None
        assert after.last_good is not None
        assert (after.last.ok, after.last_good.ended) == (False, 150.0)
        assert not list((tmp_path / str(at)).glob("*.tmp"))
        at += 1
    assert at > 100


def test_an_exporter_that_looks_all_the_time_keeps_nobody_from_writing(tmp_path: Path) -> None:
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            list(read_all(tmp_path))

    threads = [threading.Thread(target=look) for _ in range(2)]
    good_then_bad(tmp_path)
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            good_then_bad(tmp_path)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    writer = Writer.open(tmp_path, Record(Kind.BACKUP, "db"))
    with pytest.raises(BusyError):
        Writer.open(tmp_path, Record(Kind.BACKUP, "db"))
    Writer.open(tmp_path, Record(Kind.CHECK, "db")).close()
    writer.close()
