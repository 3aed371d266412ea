"""`wrap` as a program: it passes all on, records how it went, and never stands in a backup's way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from lab.process import wait_until
from tests.exporters.backup.place import page, reasons, shown, write
from watchbill_exporters.backup.records.directory import Kind, Record, read_all
from watchbill_exporters.backup.summary import size_of
from watchbill_exporters.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.backup.tools import Borg, Restic

START = "from watchbill_exporters.cli import main; main()"


def command(state: Path, *words: str, flags: tuple[str, ...] = ()) -> list[str]:
    return [sys.executable, "-c", START, "backup", "wrap", "--name", "db", "--state", str(state), *flags, "--", *words]


def wrap(state: Path, *words: str, flags: tuple[str, ...] = (), **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(state, *words, flags=flags), capture_output=True, check=False, **options)


def record(state: Path) -> Record:
    (found,) = read_all(state)
    return found


@pytest.mark.parametrize("code", [0, 1, 3, 77])
def test_output_and_exit_code_are_the_commands(tmp_path: Path, code: int) -> None:
    script = f"printf 'out\\0\\377'; printf 'err\\n' >&2; cat; exit {code}"

    done = wrap(tmp_path, "sh", "-c", script, input=b"in")

    assert (done.returncode, done.stdout, done.stderr) == (code, b"out\0\xffin", b"err\n")
    last = record(tmp_path).last
    assert last is not None
    assert (last.ok, last.code) == (code == 0, code)


def test_times_are_the_commands_and_a_failure_keeps_the_last_success(tmp_path: Path) -> None:
    before = time.time()
    wrap(tmp_path, "sleep", "0.7")
    good = record(tmp_path).last_good
    wrap(tmp_path, "false")
    after = record(tmp_path)

    assert good is not None
    assert after.last_good == good
    assert after.last is not None
    assert not after.last.ok
    assert before <= good.began <= good.ended <= time.time()
    assert 0.7 <= good.seconds < 30


def test_the_exporter_reads_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    wrap(state, "true")
    wrap(state, "true", flags=("--repository", "nas", "--check"))
    wrap(state, "false", flags=("--repository", "nas"))
    target = {"name": "cron", "kind": "state", "directory": "state"}

    text = page(write(tmp_path, target))

    assert shown(text, "backup_up") == {"cron": 1}
    assert shown(text, "backup_last_attempt_success") == {"cron/db": 1, "nas/db": 0}
    assert set(shown(text, "backup_last_success_timestamp_seconds")) == {"cron/db"}
    assert set(shown(text, "backup_check_last_success_timestamp_seconds")) == {"nas"}
    elsewhere = page(write(tmp_path, {**target, "elsewhere": ["nas"]}))
    assert shown(elsewhere, "backup_last_attempt_success") == {"cron/db": 1}


def test_a_large_output_comes_through_whole_although_nobody_is_in_a_hurry_to_read_it(tmp_path: Path) -> None:
    running = subprocess.Popen(command(tmp_path, "head", "-c", "3000000", "/dev/zero"), stdout=subprocess.PIPE)
    time.sleep(2.5)
    assert running.stdout is not None
    assert len(running.stdout.read()) == 3_000_000
    assert running.wait(60) == 0


def test_a_reader_that_goes_away_does_not_end_the_backup(tmp_path: Path) -> None:
    running = subprocess.Popen(
        command(tmp_path, "sh", "-c", f"yes | head -c 1000000; touch {tmp_path}/done"), stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.close()

    assert running.wait(60) == 0
    assert (tmp_path / "done").exists()


def test_a_daemon_that_keeps_the_output_open_does_not_hold_us(tmp_path: Path) -> None:
    begun = time.monotonic()
    running = subprocess.Popen(command(tmp_path, "sh", "-c", "sleep 200 & echo hi"), stdout=subprocess.PIPE)

    assert running.wait(100) == 0
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_is_passed_on_and_the_answer_is_the_commands(tmp_path: Path, number: signal.Signals) -> None:
    script = f"trap 'echo bye; exit 9' {number.name[3:]}; echo up; while :; do sleep 0.05; done"
    running = subprocess.Popen(
        command(tmp_path, "bash", "-c", script), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"up\n"

    running.send_signal(number)

    assert running.wait(60) == 9
    assert running.stdout.read() == b"bye\n"
    last = record(tmp_path).last
    assert last is not None
    assert (last.ok, last.code) == (False, 9)


def test_a_command_killed_by_a_signal_is_told_as_shells_do(tmp_path: Path) -> None:
    assert wrap(tmp_path, "sh", "-c", "kill -9 $$").returncode == 137


@pytest.mark.parametrize(("words", "code"), [(("no-such-program",), 127), (("/etc/passwd",), 126)])
def test_what_cannot_be_run_is_a_failed_attempt(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    done = wrap(tmp_path, *words)

    assert done.returncode == code
    assert b"command" in done.stderr
    last = record(tmp_path).last
    assert last is not None
    assert not last.ok


@pytest.mark.parametrize("state", ["nowhere", "file"])
def test_a_backup_runs_although_it_cannot_be_recorded(tmp_path: Path, state: str) -> None:
    (tmp_path / "file").touch()

    done = wrap(tmp_path / state, "echo", "hi")

    assert (done.returncode, done.stdout) == (0, b"hi\n")
    assert b"this run is not recorded" in done.stderr


def test_a_second_run_of_the_name_runs_unrecorded_and_a_damaged_record_is_begun_anew(tmp_path: Path) -> None:
    first = subprocess.Popen(command(tmp_path, "sleep", "200"))
    assert wait_until(lambda: any(one.began is not None for one in read_all(tmp_path)), 60, 0.05)
    second = wrap(tmp_path, "false")
    first.terminate()
    first.wait(60)
    assert b"not recorded" in second.stderr
    last = record(tmp_path).last
    assert last is not None
    assert last.code == 143
    (file,) = tmp_path.glob("*.record")
    file.write_bytes(file.read_bytes()[:-9])

    done = wrap(tmp_path, "true")

    assert b"begun anew" in done.stderr
    assert record(tmp_path).last_good is not None


def test_killed_in_the_middle_it_is_under_way_and_then_a_failure_and_never_a_success(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    config = write(tmp_path, {"name": "cron", "kind": "state", "directory": "state"})
    wrap(state, "true")
    good = shown(page(config), "backup_last_success_timestamp_seconds")
    running = subprocess.Popen(command(state, "sleep", "60"))
    assert wait_until(lambda: record(state).began is not None, 60, 0.05)
    under_way = page(config)
    running.kill()
    running.wait()
    # a kill between fork and exec leaves the child the lock until it is the command
    assert wait_until(lambda: shown(page(config), "backup_last_attempt_success") == {"cron/db": 0}, 60, 0.1)
    dead = page(config)

    assert shown(under_way, "backup_last_attempt_success") == {"cron/db": 1}  # that of the run before
    assert shown(dead, "backup_last_attempt_success") == {"cron/db": 0}
    assert shown(dead, "backup_last_success_timestamp_seconds") == good
    attempts = [shown(text, "backup_last_attempt_timestamp_seconds")["cron/db"] for text in (under_way, dead)]
    assert attempts[0] == attempts[1] > good["cron/db"]
    wrap(state, "true")
    assert shown(page(config), "backup_last_attempt_success") == {"cron/db": 1}


def test_a_damaged_record_is_told_with_its_name_and_a_directory_that_is_gone_is_connect(tmp_path: Path) -> None:
    config = write(tmp_path, {"name": "cron", "kind": "state", "directory": "state"})
    assert reasons(page(config)) == {"cron": "connect"}
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "x.record").write_bytes(bytes(100))
    assert reasons(page(config)) == {"cron": "parse"}


def test_the_size_of_a_real_restic_backup(restic: Restic, tmp_path: Path) -> None:
    (restic.data / "b").write_bytes(b"x" * 12_345)
    state = tmp_path / "state"
    state.mkdir()

    done = wrap(state, "restic", "backup", "--json", str(restic.data), env={**os.environ, **restic.environment})

    assert done.returncode == 0
    last = record(state).last
    assert last is not None
    assert last.size == 12_345 + len("alpha")


@pytest.mark.parametrize("flags", [["--json"], ["--stats", "--json", "--list"]], ids=["json", "json and list"])
def test_the_size_of_a_real_borg_backup(borg: Borg, tmp_path: Path, flags: list[str]) -> None:
    state = tmp_path / "state"
    state.mkdir()
    words = ("borg", "create", *flags, "::web1-2026-11-25", "data")

    done = wrap(state, *words, env={**os.environ, **borg.environment}, cwd=tmp_path)

    told = json.loads(done.stdout)["archive"]["stats"]["original_size"]
    last = record(state).last
    assert last is not None
    assert last.size == told > 0


@pytest.mark.parametrize(
    ("output", "size"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"done\n{broken", None, id="no JSON"),
        pytest.param(b'{"message_type":"status"}\n', None, id="no summary yet"),
        pytest.param(b'{"message_type":"summary","total_bytes_processed":"7"}\n', None, id="text for a number"),
        pytest.param(b'noise\n{"message_type":"summary","total_bytes_processed":7}\nbye\n', 7, id="noise around"),
        pytest.param(b'{"archive": {"stats": {"original_size": 9}}}', 9, id="borg"),
        pytest.param(b'{"archive": 7}', None, id="something else"),
    ],
)
def test_a_size_is_what_the_tool_says_or_unknown(output: bytes, size: float | None) -> None:
    assert size_of(output) == size


def test_the_name_of_a_record_is_its_own() -> None:
    backups = [Record(Kind.BACKUP, "a/b"), Record(Kind.BACKUP, "a,b"), Record(Kind.BACKUP, "b", "a")]
    names = {one.file_name for one in (*backups, Record(Kind.CHECK, "a/b"))}
    assert len(names) == 4
    assert not any("/" in name for name in names)


@pytest.mark.parametrize("words", [["--name", ""], ["--name", "a b"], ["--name", "a", "--repository", "-x"], []])
def test_a_name_that_is_none_is_wrong_usage_and_nothing_runs(tmp_path: Path, words: list[str]) -> None:
    result = CliRunner().invoke(main, ["backup", "wrap", *words, "--state", ".", "--", "touch", str(tmp_path / "ran")])

    assert result.exit_code == 2
    assert not (tmp_path / "ran").exists()


def test_a_record_is_readable_by_all_whatever_the_umask(tmp_path: Path) -> None:
    wrap(tmp_path, "true", umask=0o077)

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o644}


def test_output_into_a_pipe_that_does_not_block_comes_through_whole(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    running = subprocess.Popen(command(tmp_path, "head", "-c", "500000", "/dev/zero"), stdout=theirs)
    os.close(theirs)
    time.sleep(1.5)
    with os.fdopen(ours, "rb") as pipe:
        assert len(pipe.read()) == 500_000
    assert running.wait(60) == 0
