"""Containers of real Docker and Podman: truth by construction, and a daemon and an exporter that are killed."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.exporters.sandbox.back_ends import Podman
from tests.exporters.sandbox.running import Program, exporting, total

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.exporters.running import Exporting
    from tests.exporters.sandbox.back_ends import Engine

SHORT, LONG = 2.0, 30.0


def target(engine: Engine) -> dict[str, str]:
    return {"kind": "docker", "name": "host", "socket": str(engine.socket)}


def page(running: Exporting, patience: float = LONG) -> str:
    return running.get(headers={"X-Prometheus-Scrape-Timeout-Seconds": str(patience)}).text


def begin(running: Exporting) -> str:
    """Scrape for the first time: from here on all is followed."""
    text = page(running)
    assert total(text, "sandbox_up", target="host") == 1
    return text


def page_once(running: Exporting, holds: Callable[[str], bool]) -> str:
    """Return the first page of which it holds."""
    pages: list[str] = []

    def ask() -> bool:
        pages[:] = [page(running)]
        return holds(pages[0])

    assert wait_until(ask, 60)
    return pages[0]


def running_seconds(text: str) -> float:
    return total(text, "sandbox_running_seconds_total", pool="default") or 0.0


def ended(engine: Engine) -> bool:
    return not engine("ps", "-q")


def test_sandboxes_that_live_between_two_scrapes_are_counted_timed_and_charged(engine: Engine, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(engine)]) as running:
        before = begin(running)
        assert total(before, "sandbox_starts_total", pool="default") in {None, 0}
        begun, ids = [], []
        for _ in range(3):
            begun.append(time.time())
            ids.append(engine.run("/bin/sleep", "2", flags=("--rm",)))
        begun.append(time.time())
        ids += [engine.run("/bin/false")]
        assert wait_until(lambda: ended(engine), 60)
        after = page_once(running, lambda text: total(text, "sandbox_exits_total", pool="default") == 4)
        lasted = sum(time.time() - at for at in begun)

    assert len(set(ids)) == 4
    assert total(after, "sandbox_starts_total", pool="default", runtime="runc") == 4
    assert total(after, "sandbox_exits_total", pool="default", reason="completed") == 3
    assert total(after, "sandbox_exits_total", pool="default", reason="error") == 1
    # three times two seconds: a start may be told late, an end too, and neither before it was asked for
    assert 4.5 < running_seconds(after) <= lasted
    assert total(after, "sandbox_start_duration_seconds_count", pool="default", launch="cold") == 4
    assert total(after, "sandboxes") is None
    assert total(after, "sandbox_oldest_start_timestamp_seconds") is None
    assert total(after, "sandbox_exporter_corrections_total") in {None, 0}


def test_what_runs_and_what_is_paused_is_told_apart_and_charged_apart(engine: Engine, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(engine)]) as running:
        begin(running)
        begun = time.time()
        first = engine.run("/bin/sleep", "300", flags=("--label", "watchbill.launch=warm"))
        engine.run("/bin/sleep", "300")
        started = time.time()
        engine("pause", first)
        time.sleep(1.5)
        text = page_once(running, lambda text: total(text, "sandboxes", state="paused") == 1)
        engine("unpause", first)
        lasted = time.time() - started
        engine("kill", first)
        last = page_once(running, lambda text: total(text, "sandbox_exits_total", reason="killed") == 1)

    assert total(text, "sandboxes", pool="default", runtime="runc", state="paused") == 1
    assert total(text, "sandboxes", pool="default", runtime="runc", state="running") == 1
    assert begun < (total(text, "sandbox_oldest_start_timestamp_seconds", pool="default") or 0) < started
    assert 1.4 < (total(last, "sandbox_paused_seconds_total", pool="default") or 0) < lasted
    assert total(last, "sandbox_start_duration_seconds_count", launch="warm") == 1
    assert total(last, "sandboxes", state="paused") is None


def test_a_pool_is_known_by_a_label_and_others_are_ignored(engine: Engine, tmp_path: Path) -> None:
    pools = {"pool_label": "pool", "rest": "", "capacity": {"gpu": 4}}
    with exporting(tmp_path, pools=pools, targets=[target(engine)]) as running:
        begin(running)
        for labels in (("--label", "pool=gpu"), (), ("--label", "pool=gpu")):  # the last tells that all were heard of
            engine.run("/bin/sleep", "300", flags=labels)
        text = page_once(running, lambda text: total(text, "sandbox_starts_total", pool="gpu") == 2)

    assert total(text, "sandboxes") == 2
    assert total(text, "sandbox_pool_capacity", pool="gpu") == 4
    assert total(text, "sandbox_starts_total") == 2


def test_a_sandbox_that_does_not_come_up_is_a_failure(engine: Engine, tmp_path: Path) -> None:
    with exporting(tmp_path, targets=[target(engine)]) as running:
        begin(running)
        engine.run("/bin/nonsense", flags=("--rm",), check=False)
        engine.run("/bin/nonsense", check=False)  # it did not run, and is kept
        if isinstance(engine, Podman):  # Docker does not tell before it is removed
            assert wait_until(lambda: total(page(running), "sandbox_start_failures_total", pool="default") == 2, 60)
        engine.remove_all()
        assert wait_until(lambda: total(page(running), "sandbox_start_failures_total", pool="default") == 2, 60)
        engine.run("/bin/sleep", "300")  # once it is heard of, so is all before it
        text = page_once(running, lambda text: (total(text, "sandbox_starts_total", pool="default") or 0) > 0)
    assert total(text, "sandbox_start_failures_total", pool="default") == 2
    assert total(text, "sandbox_starts_total", pool="default") == 1


def test_a_kill_for_memory_is_told_from_others(engine: Engine, tmp_path: Path) -> None:
    if isinstance(engine, Podman):
        pytest.skip("not told: Podman 4 has no event for a kill for memory; it counts as killed")
    eats = "x=$(head -c 200000000 /dev/zero | tail)"
    with exporting(tmp_path, targets=[target(engine)]) as running:
        begin(running)
        key = engine.run("/bin/sh", "-c", eats, flags=("-m", "16m"), check=False)
        if not key:
            pytest.skip("not available: memory limits of cgroups")
        text = page_once(running, lambda text: total(text, "sandbox_exits_total", pool="default") == 1)
    if engine("inspect", "--format={{.State.OOMKilled}}", key) != "true":
        pytest.skip("not available: this kernel does not kill for the memory of a cgroup")
    assert total(text, "sandbox_oom_kills_total", pool="default") == 1
    assert total(text, "sandbox_exits_total", pool="default", reason="oom") == 1


def test_a_killed_exporter_goes_on_without_counting_twice(engine: Engine, tmp_path: Path) -> None:
    """Two run when it is killed; meanwhile one ends and two start, one of which ends too."""
    state = {"file": str(tmp_path / "state"), "every": "100ms"}
    with Program(tmp_path, state=state, targets=[target(engine)]) as program:
        assert total(program.page(), "sandbox_up", target="host") == 1
        begun = time.time()
        first, second = engine.run("/bin/sleep", "300"), engine.run("/bin/sleep", "300")
        both = time.time()
        assert wait_until(lambda: total(program.page(), "sandboxes", pool="default") == 2, 60)
        program.save()
        program.kill()
        engine("kill", first)
        engine.run("/bin/sleep", "300")
        engine.run("/bin/true")
        program.start()
        assert wait_until(lambda: total(program.page(), "sandbox_exits_total", pool="default") == 2, 60)
        asked, text = time.time(), program.page()
        seconds = time.time() - begun
        engine("inspect", second)

    assert total(text, "sandbox_starts_total", pool="default") == 4
    assert total(text, "sandbox_exits_total", pool="default", reason="killed") == 1
    assert total(text, "sandbox_exits_total", pool="default", reason="completed") == 1
    assert total(text, "sandboxes", pool="default", state="running") == 2
    assert asked - both < running_seconds(text) < 3 * seconds  # the second one all the time, the others a part of it


def test_a_killed_exporter_without_a_state_begins_at_0_and_charges_from_then_on(engine: Engine, tmp_path: Path) -> None:
    engine.run("/bin/sleep", "300")
    time.sleep(1)
    begun = time.time()
    with Program(tmp_path, targets=[target(engine)]) as program:
        assert total(program.page(), "sandbox_up", target="host") == 1
        time.sleep(0.5)
        text = program.page()
        lasted = time.time() - begun
    assert total(text, "sandboxes", pool="default") == 1
    assert total(text, "sandbox_starts_total", pool="default") in {None, 0}
    assert 0.3 < running_seconds(text) < lasted  # and not since the sandbox came up


def test_a_stopped_daemon_is_a_timeout_and_nothing_is_stale(engine: Engine, tmp_path: Path) -> None:
    engine.run("/bin/sleep", "300")
    with exporting(tmp_path, targets=[target(engine)]) as running:
        assert total(page(running), "sandboxes", pool="default") == 1
        engine.signal(signal.SIGSTOP)
        try:
            for _ in range(3):  # the machine may be busy elsewhere once
                begun = time.monotonic()
                text = page(running, SHORT)
                if (took := time.monotonic() - begun) < SHORT:
                    break
        finally:
            engine.signal(signal.SIGCONT)
        assert took < SHORT
        assert total(text, "sandbox_up", target="host") == 0
        assert total(text, "sandbox_scrape_error", reason="timeout") == 1
        assert total(text, "sandboxes") is None
        assert wait_until(lambda: total(page(running), "sandboxes", pool="default") == 1, 60)


def test_a_killed_daemon_is_down_and_what_it_took_along_has_ended(engine: Engine, tmp_path: Path) -> None:
    """Docker's containers end with it, as it has no live-restore here; Podman's do not need its service."""
    engine.run("/bin/sleep", "300")
    with exporting(tmp_path, targets=[target(engine)]) as running:
        assert total(page(running), "sandboxes", pool="default") == 1
        before = running_seconds(page(running))
        engine.kill()
        down = page(running)
        assert total(down, "sandbox_up", target="host") == 0
        assert total(down, "sandbox_scrape_error", reason="connect") == 1
        assert total(down, "sandboxes") is None
        assert running_seconds(down) >= before
        engine.start()
        stays = 1 if isinstance(engine, Podman) else 0
        if not stays:
            engine("kill", *engine("ps", "-q").split(), check=False)
        page_once(running, lambda text: total(text, "sandbox_up") == 2 and (total(text, "sandboxes") or 0) == stays)
        engine.run("/bin/sleep", "300")
        text = page_once(running, lambda text: total(text, "sandboxes", pool="default") == 1 + stays)
        assert (total(text, "sandbox_exits_total", pool="default") or 0) == 1 - stays


def test_a_socket_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    wrong = {"kind": "docker", "name": "host", "socket": str(tmp_path / "none.sock")}
    with exporting(tmp_path, targets=[wrong]) as running:
        text = page(running)
    assert total(text, "sandbox_up", target="host") == 0
    assert total(text, "sandbox_scrape_error", target="host", reason="connect") == 1
