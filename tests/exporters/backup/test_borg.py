"""A real borg repository: what was put in is what is shown; a lock is a state, other faults have their reason."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.exporters.backup.place import page, reasons, scrape, shown, write
from tests.exporters.running import Exporting
from watchbill_exporters.backup import EXPORTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.backup.tools import Borg

HOUR = 3600.0
PAST = 1_790_000_000.0


def test_the_source_is_the_name_without_its_date_and_times_are_utc(
    borg: Borg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    borg.backup("web1-2026-09-21", PAST)
    borg.backup("web1-2026-09-21T13:00", PAST + HOUR)
    borg.backup("mail-20260921", PAST + 60)
    borg.backup("by-hand", PAST + 120)
    monkeypatch.setenv("TZ", "Asia/Kathmandu")  # borg's times are local ones, without a zone

    text = page(write(tmp_path, borg.target()))

    assert shown(text, "backup_up") == {"vault": 1}
    assert shown(text, "backup_snapshots") == {"vault/web1": 2, "vault/mail": 1, "vault/other": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds")["vault/web1"] == PAST + HOUR
    assert shown(text, "backup_oldest_timestamp_seconds")["vault/web1"] == PAST
    assert shown(text, "backup_repository_locked") == {"vault": 0}


def test_rules_go_by_the_name(borg: Borg, tmp_path: Path) -> None:
    borg.backup("anything", PAST)

    text = page(write(tmp_path, borg.target(sources=[{"source": "orders", "name": "any*"}])))

    assert shown(text, "backup_snapshots") == {"vault/orders": 1}


@pytest.fixture
def exporting(borg: Borg, tmp_path: Path) -> Iterator[Exporting]:
    borg.backup("web1-2026-09-21", PAST)
    with Exporting(EXPORTER, write(tmp_path, borg.target(refresh="300ms", timeout="60s"))) as running:
        assert wait_until(lambda: shown(scrape(running), "backup_up") == {"vault": 1}, 60)
        yield running


def test_a_locked_repository_is_a_state_and_what_was_listed_stays_with_its_time(
    borg: Borg, exporting: Exporting
) -> None:
    environment = {**os.environ, **borg.environment}
    holder = subprocess.Popen(["borg", "with-lock", "::", "sleep", "60"], env=environment, start_new_session=True)
    try:
        assert wait_until(lambda: shown(scrape(exporting), "backup_repository_locked") == {"vault": 1}, 60)
        first = shown(scrape(exporting), "backup_listed_timestamp_seconds")
        time.sleep(1.5)
        text = scrape(exporting)
    finally:
        os.killpg(holder.pid, signal.SIGTERM)
        holder.wait()

    assert (shown(text, "backup_up"), reasons(text)) == ({"vault": 1}, {})
    assert shown(text, "backup_listed_timestamp_seconds") == first
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"vault/web1": PAST}
    assert shown(text, "backup_snapshots") == {}
    assert wait_until(lambda: shown(scrape(exporting), "backup_repository_locked") == {"vault": 0}, 60)
    assert shown(scrape(exporting), "backup_listed_timestamp_seconds")["vault"] > first["vault"]


def test_a_lock_at_the_first_look_shows_nothing_but_itself(borg: Borg, tmp_path: Path) -> None:
    borg.backup("web1-2026-09-21", PAST)
    environment = {**os.environ, **borg.environment}
    holder = subprocess.Popen(["borg", "with-lock", "::", "sleep", "60"], env=environment, start_new_session=True)
    try:
        assert wait_until((borg.repository / "lock.exclusive").exists, 60, 0.05)
        begun = time.monotonic()
        text = page(write(tmp_path, borg.target()))
        assert time.monotonic() - begun < 30  # one second of them is the wait for the lock, which is held for sixty
    finally:
        os.killpg(holder.pid, signal.SIGTERM)
        holder.wait()

    assert shown(text, "backup_repository_locked") == {"vault": 1}
    assert shown(text, "backup_last_success_timestamp_seconds") == {}
    assert shown(text, "backup_listed_timestamp_seconds") == {}


def assert_down(exporting: Exporting, reason: str) -> None:
    assert wait_until(lambda: reasons(scrape(exporting)) == {"vault": reason}, 60), reasons(scrape(exporting))
    text = scrape(exporting)
    assert shown(text, "backup_up") == {"vault": 0}
    assert shown(text, "backup_last_success_timestamp_seconds") == {"vault/web1": PAST}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {}
    assert shown(text, "backup_repository_locked") == {}


def test_a_wrong_passphrase_is_auth_and_the_right_one_is_taken(exporting: Exporting, tmp_path: Path) -> None:
    right = (tmp_path / "password").read_text()
    (tmp_path / "password").write_text("open barley")
    assert_down(exporting, "auth")

    (tmp_path / "password").write_text(right)

    assert wait_until(lambda: shown(scrape(exporting), "backup_snapshots") == {"vault/web1": 1}, 60)


def test_a_repository_that_is_gone_is_connect_and_comes_back(borg: Borg, exporting: Exporting) -> None:
    away = borg.repository.rename(borg.folder / "away")
    assert_down(exporting, "connect")

    away.rename(borg.repository)

    assert wait_until(lambda: shown(scrape(exporting), "backup_snapshots") == {"vault/web1": 1}, 60)


def test_a_corrupt_segment_is_not_up(borg: Borg, exporting: Exporting) -> None:
    for segment in (borg.repository / "data" / "0").iterdir():
        data = bytearray(segment.read_bytes())
        data[len(data) // 3 : len(data) // 3 + 40] = bytes(40)
        segment.write_bytes(bytes(data))

    assert wait_until(lambda: shown(scrape(exporting), "backup_up") == {"vault": 0}, 60)
    assert shown(scrape(exporting), "backup_snapshots") == {}
