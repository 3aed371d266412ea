"""Containers of a real runc: short ones, paused ones, and an exporter that is killed."""

from __future__ import annotations

import subprocess
import time
from functools import partial
from typing import TYPE_CHECKING

from lab.process import wait_until
from tests.exporters.sandbox.running import Program, exporting, total

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.sandbox.back_ends import Runc


def target(runc: Runc) -> dict[str, str]:
    return {"kind": "runc", "name": "host", "root": str(runc.root), "every": "50ms"}


def gone(runc: Runc, key: str) -> bool:
    return '"running"' not in runc("state", key)


def test_a_sandbox_that_lives_between_two_scrapes_is_counted_timed_and_charged(runc: Runc, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(runc)]) as running:
        running.get()
        begun = []
        for key in ("one", "two"):
            begun.append(time.time())
            runc.run(key, "/bin/sleep", "1")
        for key in ("one", "two"):
            assert wait_until(partial(gone, runc, key), 60)
        runc("delete", "one")
        assert wait_until(lambda: total(running.get().text, "sandbox_exits_total", pool="default") == 2, 60)
        text = running.get().text
        lasted = sum(time.time() - at for at in begun)

    assert total(text, "sandbox_starts_total", pool="default", runtime="runc") == 2
    assert total(text, "sandbox_exits_total", pool="default", reason="other") == 2
    assert 1.8 < (total(text, "sandbox_running_seconds_total", pool="default") or 0) < lasted
    assert total(text, "sandboxes") is None


def test_a_sandbox_that_is_created_and_not_started_is_starting(runc: Runc, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(runc)]) as running:
        running.get()
        folder = runc.bundle("slow", "/bin/sleep", "60")
        runc._ran.append("slow")
        begun = time.time()
        subprocess.run(
            ["runc", "--root", str(runc.root), "create", "slow"], cwd=folder, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.8)
        assert wait_until(lambda: total(running.get().text, "sandboxes", state="starting") == 1, 60)
        before = running.get().text
        runc("start", "slow")
        assert wait_until(lambda: total(running.get().text, "sandboxes", state="running") == 1, 60)
        after = running.get().text
        lasted = time.time() - begun
        runc("delete", "-f", "slow")

    assert total(before, "sandboxes", pool="default", state="starting") == 1
    assert total(before, "sandbox_starts_total", pool="default") in {None, 0}
    assert total(after, "sandboxes", pool="default", state="running") == 1
    assert total(after, "sandboxes", state="starting") is None
    assert total(after, "sandbox_starts_total", pool="default") == 1
    assert 0.4 < (total(after, "sandbox_start_duration_seconds_sum", pool="default") or 0) < lasted


def test_a_killed_exporter_goes_on_without_counting_twice(runc: Runc, tmp_path: Path) -> None:
    state = {"file": str(tmp_path / "state"), "every": "100ms"}
    with Program(tmp_path, state=state, targets=[target(runc)]) as program:
        program.page()
        begun = time.time()
        runc.run("stays", "/bin/sleep", "300")
        lives = time.time()
        runc.run("ends", "/bin/sleep", "300")
        assert wait_until(lambda: total(program.page(), "sandboxes", pool="default") == 2, 60)
        program.save()
        program.kill()
        runc("delete", "-f", "ends")
        runc.run("new", "/bin/sleep", "300")
        program.start()
        assert wait_until(lambda: total(program.page(), "sandboxes", pool="default") == 2, 60)
        asked, text = time.time(), program.page()
        seconds = time.time() - begun

    assert total(text, "sandbox_starts_total", pool="default") == 3
    assert total(text, "sandbox_exits_total", pool="default") == 1
    assert asked - lives - 1 < (total(text, "sandbox_running_seconds_total", pool="default") or 0) < 3 * seconds


def test_a_state_directory_that_goes_away_is_down_and_comes_back(runc: Runc, tmp_path: Path) -> None:
    runc.run("stays", "/bin/sleep", "60")
    with exporting(tmp_path, targets=[target(runc)]) as running:
        assert total(running.get().text, "sandboxes", pool="default") == 1
        away = runc.root.with_name("away")
        runc.root.rename(away)
        assert wait_until(lambda: total(running.get().text, "sandbox_up", target="host") == 0, 60)
        down = running.get().text
        away.rename(runc.root)
        assert wait_until(lambda: total(running.get().text, "sandbox_up", target="host") == 1, 60)
        up = running.get().text

    assert total(down, "sandbox_up", target="host") == 0
    assert total(down, "sandbox_scrape_error", reason="connect") == 1
    assert total(down, "sandboxes") is None
    assert total(up, "sandboxes", pool="default") == 1
    assert total(up, "sandbox_exits_total", pool="default") in {None, 0}


def test_half_a_state_file_and_one_of_another_layout_are_left_out(runc: Runc, tmp_path: Path) -> None:
    for name, text in (("half", '{"id": "half", "init_process_'), ("other", '{"status": {"pid": 1}}'), ("list", "[]")):
        (runc.root / name).mkdir()
        (runc.root / name / "state.json").write_text(text)
    with exporting(tmp_path, targets=[target(runc)]) as running:
        text = running.get().text
    assert total(text, "sandbox_up", target="host") == 1
    assert total(text, "sandboxes") is None
