"""The exporter as a process: signals, reloads, exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from lab.process import wait_until
from lab.toolchain import ROOT
from tests.exporters.configs import a_target, write
from tests.exporters.pages import value
from tests.exporters.program import Program
from tests.exporters.running import Exporting
from tests.exporters.sample import EXPORTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.redis_server import Redis

OK = "sample_exporter_config_last_reload_successful"


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.exporters.sample", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)


def test_sighup_takes_a_good_config_and_refuses_a_bad_one(redis: Redis, tmp_path: Path) -> None:
    with Program(tmp_path, write(tmp_path, a_target(redis.port))) as program:
        write(tmp_path, a_target(redis.port, "renamed"))
        program.signal(signal.SIGHUP)
        assert wait_until(lambda: value(program.get().text, "sample_up", target="renamed") == 1, 60, 0.05)

        write(tmp_path, a_target(redis.port, "worse", prot=1))
        program.signal(signal.SIGHUP)
        assert wait_until(lambda: value(program.get().text, OK) == 0, 60, 0.05)
        refusal = requests.post(program.url + "/-/reload", timeout=30)
        assert refusal.status_code == 500
        assert "'prot' is not known here" in refusal.text
        assert value(program.get().text, "sample_up", target="renamed") == 1

        write(tmp_path, a_target(redis.port, "mended"))
        assert requests.post(program.url + "/-/reload", timeout=30).status_code == 200
        assert value(program.get().text, OK) == 1
        assert value(program.get().text, "sample_up", target="mended") == 1


def test_sigterm_lets_a_scrape_under_way_finish_and_ends_with_0(redis: Redis, tmp_path: Path) -> None:
    with Program(tmp_path, write(tmp_path, a_target(redis.port))) as program, ThreadPoolExecutor(1) as pool:
        redis.signal(signal.SIGSTOP)
        scrape = pool.submit(program.get)
        try:
            assert wait_until(lambda: redis.clients() == 1, 30, 0.01)

            program.signal(signal.SIGTERM)
            assert wait_until(lambda: "event=ending" in program.log(), 8, 0.01)  # less than a scrape may take
        finally:
            redis.signal(signal.SIGCONT)

        answer = scrape.result()
        assert answer.status_code == 200
        assert value(answer.text, "sample_up", target="main") == 1
        assert program.wait(30) == 0
        assert "event=ended" in program.log()
        assert "Traceback" not in program.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_hung_target_and_an_idle_connection_do_not_hold_up_the_end(
    redis: Redis, tmp_path: Path, number: signal.Signals
) -> None:
    with (
        Program(tmp_path, write(tmp_path, a_target(redis.port, timeout="200ms"))) as program,
        requests.Session() as session,
    ):
        redis.signal(signal.SIGSTOP)
        assert session.get(program.url + "/metrics", timeout=30).status_code == 200
        begun = time.monotonic()

        program.signal(number)

        assert program.wait(60) == 0
        assert time.monotonic() - begun < 10  # requests under way would be waited for for 20 s
        redis.signal(signal.SIGCONT)


def test_reloads_under_load_lose_no_scrape_and_no_count(redis: Redis, tmp_path: Path) -> None:
    config = write(tmp_path, a_target(redis.port), lines={"words": 7})
    statuses: Counter[int] = Counter()
    ended = threading.Event()
    with Exporting(EXPORTER, config) as running:

        def ask() -> int:
            posted = 0
            with requests.Session() as session:
                while not ended.is_set():
                    statuses[session.get(running.url + "/metrics", timeout=60).status_code] += 1
                    posted += session.post(running.url + "/lines", b"a\n", timeout=60).status_code == 200
            return posted

        with ThreadPoolExecutor(3) as pool:
            asking = [pool.submit(ask) for _ in range(3)]
            for number in range(31):
                write(tmp_path, a_target(redis.port, f"main-{number % 3}"), lines={"words": 7 + number})
                assert running.post("/-/reload").status_code == 200
            ended.set()
        posted = sum(one.result() for one in asking)
        page = running.get().text

    assert set(statuses) == {200}
    assert value(page, "sample_lines_total", word="a") == posted
    assert value(page, "sample_up", target="main-0") == 1
    assert wait_until(lambda: not any(thread.name.startswith("read") for thread in threading.enumerate()), 60)


def test_a_task_follows_its_file_and_fails_in_the_open(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    config = write(tmp_path, lines={"file": "lines.txt"})
    with Exporting(EXPORTER, config) as running:
        failures = "sample_exporter_task_failures_total"
        assert wait_until(lambda: value(running.get().text, failures, task="lines file"), 60, 0.05)  # again and again
        lines.write_text("a\nb\na\n", encoding="utf-8")
        assert wait_until(lambda: value(running.get().text, "sample_lines_total", word="a") == 2, 60, 0.05)

        write(tmp_path, lines={"words": 3})
        running.runtime.reload()

        assert not any(thread.name == "lines file" for thread in threading.enumerate())
        assert value(running.get().text, "sample_lines_total", word="a") == 2


def test_check_config_says_fine_or_everything_that_is_not(tmp_path: Path) -> None:
    good, bad = run("--config", str(write(tmp_path, a_target(9))), "--check-config"), tmp_path / "bad.yaml"
    bad.write_text("targets: 3\n", encoding="utf-8")
    refused = run("--config", str(bad), "--check-config")

    assert (good.returncode, good.stdout) == (0, f"{tmp_path / 'sample.yaml'}: fine; targets: 1, feeds: 0\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{bad}:1:10: targets: ")


@pytest.mark.parametrize(("port", "code"), [(None, 0), (9, 1)], ids=["all are up", "one is down"])
def test_once_prints_a_page_and_tells_by_its_exit_code(
    redis: Redis, tmp_path: Path, port: int | None, code: int
) -> None:
    done = run("--config", str(write(tmp_path, a_target(port or redis.port, refresh="1h"))), "--once")

    assert done.returncode == code
    assert value(done.stdout, "sample_up", target="main") == 1 - code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--web.listen-address", "nonsense"], "nonsense: not an address"),
        (["--web.listen-address", "::1:99"], "not an address"),
        (["--web.listen-address", "192.0.2.1:99"], "cannot listen"),
        (["--web.config.file", "/nowhere.yml"], "/nowhere.yml:1:1: cannot be read"),
    ],
)
def test_what_cannot_be_served_ends_at_once(tmp_path: Path, flags: list[str], said: str) -> None:
    done = run("--config", str(write(tmp_path)), *flags)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_it_listens_on_several_addresses(tmp_path: Path) -> None:
    with Program(tmp_path, write(tmp_path), "--web.listen-address", "[::1]:0", "--log.format", "json") as program:
        address = next(json.loads(line) for line in program.log().splitlines() if "listening" in line)["address"]
        second = address.split(", ")[1]
        assert second.startswith("[::1]:")
        assert requests.get(f"http://{second}/-/healthy", timeout=30).ok


def test_help_is_quick_and_imports_no_server(tmp_path: Path) -> None:
    code = "import sys, watchbill_exporters.cli; print({'aiohttp', 'pydantic', 'yaml', 'bcrypt'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
