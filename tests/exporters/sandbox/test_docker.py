"""Containers of a real Docker daemon: truth by construction, and a daemon and an exporter that are killed."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.exporters.sandbox.running import Program, exporting, total
from tests.lab.process import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.running import Exporting
    from tests.exporters.sandbox.back_ends import Docker

PATIENCE = {"X-Prometheus-Scrape-Timeout-Seconds": "2"}


def target(docker: Docker) -> dict[str, str]:
    return {"kind": "docker", "name": "host", "socket": str(docker.socket)}


def page(running: Exporting) -> str:
    return running.get(headers=PATIENCE).text


def running_seconds(text: str) -> float:
    return total(text, "sandbox_running_seconds_total", pool="default") or 0.0


def ended(docker: Docker) -> bool:
    return not docker("ps", "-q")


def test_sandboxes_that_live_between_two_scrapes_are_counted_timed_and_charged(docker: Docker, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(docker)]) as running:
        before = page(running)
        assert total(before, "sandbox_starts_total", pool="default") in {None, 0}
        ids = [docker.run("/bin/sleep", "2", flags=("--rm",)) for _ in range(3)]
        ids += [docker.run("/bin/false")]
        assert wait_until(lambda: ended(docker), 30)
        assert wait_until(lambda: total(page(running), "sandbox_exits_total", pool="default") == 4, 5)
        after = page(running)

    assert len(set(ids)) == 4
    assert total(after, "sandbox_starts_total", pool="default", runtime="runc") == 4
    assert total(after, "sandbox_exits_total", pool="default", reason="completed") == 3
    assert total(after, "sandbox_exits_total", pool="default", reason="error") == 1
    assert 6.0 <= running_seconds(after) < 9.0  # three times two seconds, and what it takes to end
    assert total(after, "sandbox_start_duration_seconds_count", pool="default", launch="cold") == 4
    assert total(after, "sandboxes") is None
    assert total(after, "sandbox_oldest_start_timestamp_seconds") is None
    assert total(after, "sandbox_exporter_corrections_total") in {None, 0}


def test_what_runs_and_what_is_paused_is_told_apart_and_charged_apart(docker: Docker, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(docker)]) as running:
        page(running)
        begun = time.time()
        first = docker.run("/bin/sleep", "300", flags=("--label", "watchbill.launch=warm"))
        docker.run("/bin/sleep", "300")
        docker("pause", first)
        time.sleep(1.5)
        text = page(running)
        docker("unpause", first)
        docker("kill", first)
        assert wait_until(lambda: total(page(running), "sandbox_exits_total", reason="killed") == 1, 5)
        last = page(running)

    assert total(text, "sandboxes", pool="default", runtime="runc", state="paused") == 1
    assert total(text, "sandboxes", pool="default", runtime="runc", state="running") == 1
    assert begun < (total(text, "sandbox_oldest_start_timestamp_seconds", pool="default") or 0) < begun + 10
    assert 1.4 < (total(last, "sandbox_paused_seconds_total", pool="default") or 0) < 4
    assert total(last, "sandbox_start_duration_seconds_count", launch="warm") == 1
    assert total(last, "sandboxes", state="paused") is None


def test_a_pool_is_known_by_a_label_and_others_are_ignored(docker: Docker, tmp_path: Path) -> None:
    pools = {"pool_label": "pool", "rest": "", "capacity": {"gpu": 4}}
    with exporting(tmp_path, pools=pools, targets=[target(docker)]) as running:
        page(running)
        docker.run("/bin/sleep", "300", flags=("--label", "pool=gpu"))
        docker.run("/bin/sleep", "300")
        assert wait_until(lambda: total(page(running), "sandboxes", pool="gpu") == 1, 5)
        text = page(running)

    assert total(text, "sandboxes") == 1
    assert total(text, "sandbox_pool_capacity", pool="gpu") == 4
    assert total(text, "sandbox_starts_total") == 1


def test_a_sandbox_that_does_not_come_up_is_a_failure(docker: Docker, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(docker)]) as running:
        page(running)
        docker.run("/bin/nonsense", flags=("--rm",), check=False)
        assert wait_until(lambda: total(page(running), "sandbox_start_failures_total", pool="default") == 1, 5)
        assert total(page(running), "sandbox_starts_total", pool="default") in {None, 0}


def test_a_kill_for_memory_is_told_from_others(docker: Docker, tmp_path: Path) -> None:
    eats = "x=$(head -c 200000000 /dev/zero | tail)"
    with exporting(tmp_path, targets=[target(docker)]) as running:
        page(running)
        key = docker.run("/bin/sh", "-c", eats, flags=("-m", "16m"), check=False)
        if not key:
            pytest.skip("not available: memory limits of cgroups")
        assert wait_until(lambda: total(page(running), "sandbox_exits_total", pool="default") == 1, 20)
        text = page(running)
    if docker("inspect", "--format={{.State.OOMKilled}}", key) != "true":
        pytest.skip("not available: this kernel does not kill for the memory of a cgroup")
    assert total(text, "sandbox_oom_kills_total", pool="default") == 1
    assert total(text, "sandbox_exits_total", pool="default", reason="oom") == 1


def test_a_killed_exporter_goes_on_without_counting_twice(docker: Docker, tmp_path: Path) -> None:
    """Two run when it is killed; meanwhile one ends and two start, one of which ends too."""
    state = {"file": str(tmp_path / "state"), "every": "100ms"}
    with Program(tmp_path, state=state, targets=[target(docker)]) as program:
        assert "sandbox_up" in program.page()
        begun = time.time()
        first, second = docker.run("/bin/sleep", "300"), docker.run("/bin/sleep", "300")
        assert wait_until(lambda: total(program.page(), "sandboxes", pool="default") == 2, 5)
        time.sleep(0.4)
        program.kill()
        docker("kill", first)
        docker.run("/bin/sleep", "300")
        docker.run("/bin/true")
        program.start()
        assert wait_until(lambda: total(program.page(), "sandbox_exits_total", pool="default") == 2, 5)
        text, seconds = program.page(), time.time() - begun
        docker("inspect", second)

    assert total(text, "sandbox_starts_total", pool="default") == 4
    assert total(text, "sandbox_exits_total", pool="default", reason="killed") == 1
    assert total(text, "sandbox_exits_total", pool="default", reason="completed") == 1
    assert total(text, "sandboxes", pool="default", state="running") == 2
    assert seconds < running_seconds(text) < 3 * seconds  # the second one all the time, the others a part of it


def test_a_killed_exporter_without_a_state_begins_at_0_and_charges_from_then_on(docker: Docker, tmp_path: Path) -> None:
    docker.run("/bin/sleep", "300")
    time.sleep(1)
    with Program(tmp_path, targets=[target(docker)]) as program:
        program.page()
        time.sleep(0.5)
        text = program.page()
    assert total(text, "sandboxes", pool="default") == 1
    assert total(text, "sandbox_starts_total", pool="default") in {None, 0}
    assert 0.3 < running_seconds(text) < 5


def test_a_stopped_daemon_is_a_timeout_and_nothing_is_stale(docker: Docker, tmp_path: Path) -> None:
    docker.run("/bin/sleep", "300")
    with exporting(tmp_path, targets=[target(docker)]) as running:
        assert total(page(running), "sandboxes", pool="default") == 1
        docker.signal(signal.SIGSTOP)
        begun = time.monotonic()
        text = page(running)
        assert time.monotonic() - begun < 2
        docker.signal(signal.SIGCONT)
        assert total(text, "sandbox_up", target="host") == 0
        assert total(text, "sandbox_scrape_error", reason="timeout") == 1
        assert total(text, "sandboxes") is None
        assert wait_until(lambda: total(page(running), "sandboxes", pool="default") == 1, 10)


def test_a_killed_daemon_is_down_and_what_it_took_along_has_ended(docker: Docker, tmp_path: Path) -> None:
    docker.run("/bin/sleep", "300")
    with exporting(tmp_path, targets=[target(docker)]) as running:
        assert total(page(running), "sandboxes", pool="default") == 1
        before = running_seconds(page(running))
        docker.kill()
        down = page(running)
        assert total(down, "sandbox_up", target="host") == 0
        assert total(down, "sandbox_scrape_error", reason="connect") == 1
        assert total(down, "sandboxes") is None
        assert running_seconds(down) >= before
        docker.start()
        docker("kill", *docker("ps", "-q").split(), check=False)
        assert wait_until(
            lambda: total(page(running), "sandbox_up") == 2 and not total(page(running), "sandboxes"), 20, 0.5
        )
        docker.run("/bin/sleep", "300")
        assert wait_until(lambda: total(page(running), "sandboxes", pool="default") == 1, 5)
        assert total(page(running), "sandbox_exits_total", pool="default") == 1


def test_a_socket_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    wrong = {"kind": "docker", "name": "host", "socket": str(tmp_path / "none.sock")}
    with exporting(tmp_path, targets=[wrong]) as running:
        text = page(running)
    assert total(text, "sandbox_up", target="host") == 0
    assert total(text, "sandbox_scrape_error", target="host", reason="connect") == 1
