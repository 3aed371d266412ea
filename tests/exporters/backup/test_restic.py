"""A real restic repository: what was put in is what is shown, and each fault has its reason."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from lab.process import wait_until
from tests.exporters.backup.place import page, reasons, scrape, shown, told, write
from tests.exporters.running import Exporting
from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.backup.records.directory import Kind, Record, Run, Writer
from watchbill_exporters.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.exporters.backup.tools import Restic

HOUR = 3600.0
PAST = 1_790_000_000.0
LOST = ("backup_snapshots", "backup_recovery_point_timestamp_seconds", "backup_repository_locked")


def test_what_was_backed_up_is_shown_by_host(restic: Restic, tmp_path: Path) -> None:
    restic.backup(PAST, host="web1")
    restic.backup(PAST + 2 * HOUR, host="web1")
    restic.backup(PAST + HOUR, host="db7")

    text = page(write(tmp_path, restic.target()))

    assert shown(text, "backup_up") == {"nas": 1}
    assert shown(text, "backup_snapshots") == {"nas/web1": 2, "nas/db7": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {
        "nas/web1": PAST + 2 * HOUR,
        "nas/db7": PAST + HOUR,
    }
    assert shown(text, "backup_oldest_timestamp_seconds") == {"nas/web1": PAST, "nas/db7": PAST + HOUR}
    assert shown(text, "backup_last_success_timestamp_seconds")["nas/web1"] == PAST + 2 * HOUR
    assert shown(text, "backup_future_snapshots") == {"nas/web1": 0, "nas/db7": 0}
    assert shown(text, "backup_repository_locked") == {"nas": 0}
    assert shown(text, "backup_last_size_bytes") == {}  # 0.14 does not tell
    assert abs(shown(text, "backup_listed_timestamp_seconds")["nas"] - time.time()) < 60


def test_rules_name_the_sources_and_one_without_a_backup_has_none(restic: Restic, tmp_path: Path) -> None:
    restic.backup(PAST, tag="orders")
    restic.backup(PAST + 5, tag="scratch")
    rules = [{"source": "orders", "tag": "ord*"}, {"source": "mail", "host": "mx*"}]

    text = page(write(tmp_path, restic.target(sources=rules)))

    assert shown(text, "backup_snapshots") == {"nas/orders": 1, "nas/mail": 0, "nas/other": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"nas/orders": PAST, "nas/other": PAST + 5}


def test_an_empty_repository_is_up(restic: Restic, tmp_path: Path) -> None:
    text = page(write(tmp_path, restic.target()))

    assert (shown(text, "backup_up"), shown(text, "backup_snapshots")) == ({"nas": 1}, {})


def test_listing_leaves_no_trace_in_the_repository(restic: Restic, tmp_path: Path) -> None:
    restic.backup(PAST)
    before = {path: path.stat().st_mtime_ns for path in restic.repository.rglob("*")}
    for path in (restic.repository, restic.repository / "locks"):
        path.chmod(0o555)

    assert shown(page(write(tmp_path, restic.target())), "backup_up") == {"nas": 1}
    assert {path: path.stat().st_mtime_ns for path in restic.repository.rglob("*")} == before


@pytest.fixture
def exporting(restic: Restic, tmp_path: Path) -> Iterator[Exporting]:
    restic.backup(PAST)
    with Exporting(EXPORTER, write(tmp_path, restic.target(refresh="300ms", timeout="60s"))) as running:
        assert wait_until(lambda: shown(scrape(running), "backup_up") == {"nas": 1}, 60)
        yield running


def assert_down(exporting: Exporting, reason: str) -> None:
    """The facts of the past stay, with the time they were read; what would speak of now is gone."""
    assert wait_until(lambda: reasons(scrape(exporting)) == {"nas": reason}, 60), reasons(scrape(exporting))
    text = scrape(exporting)
    assert shown(text, "backup_up") == {"nas": 0}
    assert shown(text, "backup_last_success_timestamp_seconds") == {"nas/web1": PAST}
    assert shown(text, "backup_refresh_last_success_timestamp_seconds")["nas"] <= time.time()
    assert all(shown(text, name) == {} for name in LOST)


def assert_back(exporting: Exporting) -> None:
    assert wait_until(lambda: shown(scrape(exporting), "backup_up") == {"nas": 1}, 60)
    text = scrape(exporting)
    assert reasons(text) == {}
    assert shown(text, "backup_snapshots") == {"nas/web1": 1}


def test_a_wrong_password_is_auth_and_a_right_one_is_taken_at_the_next_refresh(
    restic: Restic, exporting: Exporting, tmp_path: Path
) -> None:
    right = (tmp_path / "password").read_text()
    (tmp_path / "password").write_text("open barley")
    assert_down(exporting, "auth")

    (tmp_path / "password").write_text(right)

    assert_back(exporting)


def test_a_repository_that_is_gone_is_connect_and_comes_back(restic: Restic, exporting: Exporting) -> None:
    away = restic.repository.rename(restic.folder / "away")
    assert_down(exporting, "connect")

    away.rename(restic.repository)

    assert_back(exporting)


def test_a_corrupt_snapshot_is_parse_and_a_mended_one_comes_back(restic: Restic, exporting: Exporting) -> None:
    (file,) = (restic.repository / "snapshots").iterdir()
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(whole[:-7] + bytes(7))

    def noticed() -> bool:
        for cached in (restic.folder / "cache").rglob(file.name):  # a listing under way may put the whole one back
            cached.unlink(missing_ok=True)
        return reasons(scrape(exporting)) == {"nas": "parse"}

    assert wait_until(noticed, 60)
    assert_down(exporting, "parse")

    file.write_bytes(whole)

    assert_back(exporting)


def test_a_restic_that_hangs_is_a_timeout_and_is_not_left_running(restic: Restic, tmp_path: Path) -> None:
    slow = tmp_path / "slow-restic"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 61\n")
    slow.chmod(0o755)
    target = restic.target(refresh="300ms", timeout="700ms", program=str(slow))
    with Exporting(EXPORTER, write(tmp_path, target)) as running:
        found: set[str] = set()

        def began() -> bool:
            found.update(told(tmp_path / "pid").split())
            return bool(found)

        assert wait_until(began, 60)
        pid = int(found.pop())

        assert wait_until(lambda: reasons(scrape(running)) == {"nas": "timeout"}, 60)
        assert wait_until(lambda: not Path(f"/proc/{pid}").exists(), 60)


def test_a_tool_that_is_not_installed_is_connect(restic: Restic, tmp_path: Path) -> None:
    assert reasons(page(write(tmp_path, restic.target(program="restic-nowhere")))) == {"nas": "connect"}


def test_an_exclusive_lock_is_a_state(restic: Restic, tmp_path: Path) -> None:
    (restic.data / "large").write_bytes(os.urandom(300_000))
    restic.backup(PAST)
    environment = {**os.environ, **restic.environment}
    slow = ["restic", "check", "--read-data", "--limit-download", "1"]  # KiB a second: five minutes
    holder = subprocess.Popen(slow, env=environment, stdout=subprocess.DEVNULL)
    try:
        locks = restic.repository / "locks"
        assert wait_until(lambda: any(len(lock.name) == 64 for lock in locks.iterdir()), 60, 0.001)
        holder.send_signal(signal.SIGSTOP)  # as a check of a large repository, or one that was killed
        text = page(write(tmp_path, restic.target()))
    finally:
        holder.kill()
        holder.wait()

    assert shown(text, "backup_up") == {"nas": 1}
    assert shown(text, "backup_repository_locked") == {"nas": 1}
    assert shown(text, "backup_snapshots") == {"nas/web1": 1}


def test_a_clock_an_hour_ahead_is_counted_and_promises_nothing(restic: Restic, tmp_path: Path) -> None:
    ahead = float(int(time.time() + HOUR))
    restic.backup(ahead)

    text = page(write(tmp_path, restic.target()))

    assert shown(text, "backup_future_snapshots") == {"nas/web1": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds")["nas/web1"] <= time.time()
    assert shown(text, "backup_last_success_timestamp_seconds")["nas/web1"] <= time.time()


def test_what_wrap_recorded_for_the_repository_stands_beside_what_is_listed(restic: Restic, tmp_path: Path) -> None:
    restic.backup(PAST)
    state = tmp_path / "state"
    state.mkdir()
    for kind, name, ok in ((Kind.BACKUP, "web1", False), (Kind.CHECK, "weekly", True)):
        writer = Writer.open(state, Record(kind, name, "nas"))
        writer.begin(PAST + 7)
        writer.end(Run(PAST + 7, PAST + 20, 13, ok, 0 if ok else 3))
        writer.close()

    text = page(write(tmp_path, restic.target(state="state")))

    assert shown(text, "backup_last_attempt_timestamp_seconds") == {"nas/web1": PAST + 7}
    assert shown(text, "backup_last_attempt_success") == {"nas/web1": 0}
    assert shown(text, "backup_last_success_timestamp_seconds") == {"nas/web1": PAST}
    assert shown(text, "backup_check_last_success_timestamp_seconds") == {"nas": PAST + 20}


def test_the_password_is_in_no_argument_and_no_page(restic: Restic, tmp_path: Path) -> None:
    spy = tmp_path / "spy"
    spy.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/words\nexec restic "$@"\n')
    spy.chmod(0o755)

    text = page(write(tmp_path, restic.target(program=str(spy))))

    assert shown(text, "backup_up") == {"nas": 1}
    assert "odd-phrase" not in (tmp_path / "words").read_text() + text


def test_a_password_in_the_environment_of_the_exporter_is_enough(
    restic: Restic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESTIC_PASSWORD", (tmp_path / "password").read_text().strip())
    target = {"name": "nas", "kind": "restic", "repository": "restic"}

    assert shown(page(write(tmp_path, target)), "backup_up") == {"nas": 1}


def test_the_command_collects_once_and_ends_with_1_when_a_target_fails(restic: Restic, tmp_path: Path) -> None:
    restic.backup(PAST)
    config = write(tmp_path, restic.target())
    fine = CliRunner().invoke(main, ["backup", "--config", str(config), "--once"])
    (tmp_path / "password").write_text("open barley")
    broken = CliRunner().invoke(main, ["backup", "--config", str(config), "--once"])

    assert (fine.exit_code, broken.exit_code) == (0, 1)
    assert 'backup_snapshots{repository="nas",source="web1"} 1.0' in fine.output
    assert 'backup_scrape_error{target="nas",reason="auth"} 1.0' in broken.output
