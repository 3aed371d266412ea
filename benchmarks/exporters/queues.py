"""The same Redis read by ours and by others: 50 RQ queues, and 63 Celery tasks over four priorities.

Others are installed into an environment each, because what they need does not fit ours.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests
import yaml
from celery import Celery
from redis import Redis as Client
from rq import Queue

from benchmarks.report import Result
from lab.ports import free_port
from lab.process import Service, wait_until
from lab.toolchain import CACHE
from tests.exporters.queue.rq.jobs import nap
from tests.exporters.redis_server import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "exporters: queues of one Redis, scrapes over HTTP"
QUEUES = 50
JOBS = sum(number % 7 + 1 for number in range(QUEUES))
PRIORITIES = {0: 13, 3: 17, 6: 11, 9: 22}
TASKS = sum(PRIORITIES.values())
SCRAPES = 15
MOST_MS = 25.0


@dataclass(frozen=True)
class Other:
    """An exporter of the registry: how it is started, and the series that hold its depths."""

    package: str
    also: tuple[str, ...]
    flags: tuple[str, ...]
    series: str
    wanted: float


def others(redis: int, port: int) -> tuple[Other, ...]:
    rq = ("--host", "127.0.0.1", "-p", str(port), "--redis-port", str(redis))
    celery = ("--broker", f"redis://127.0.0.1:{redis}/1", "--addr", f"127.0.0.1:{port}", "--queue-list", "celery")
    return (
        Other("rq-exporter==3.1.0", (), rq, r'^rq_jobs{queue="q\d+",status="queued"} (\S+)', JOBS),
        Other(
            "celery-prometheus-exporter==1.7.0",
            ("redis", "packaging"),
            celery,
            r"^celery_queue_length{[^}]*} (\S+)",
            TASKS,
        ),
    )


def run(folder: Path) -> Iterator[Result]:
    with Redis(folder / "redis") as redis:
        _fill(redis.port)
        yield from _ours(folder, redis.port, "rq", 0, JOBS)
        yield from _ours(folder, redis.port, "celery", 1, TASKS)
        for other in others(redis.port, port := free_port()):
            yield from _theirs(folder, other, port)


def _fill(port: int) -> None:
    with Client(port=port) as client:
        for number in range(QUEUES):
            queue = Queue(f"q{number}", connection=client)
            for _ in range(number % 7 + 1):
                queue.enqueue(nap)
    app = Celery("bench", broker=f"redis://127.0.0.1:{port}/1", set_as_current=False)
    app.conf.broker_transport_options = {"priority_steps": list(PRIORITIES)}
    for priority, count in PRIORITIES.items():
        for _ in range(count):
            app.send_task("nap", priority=priority)


def _ours(folder: Path, port: int, kind: str, database: int, wanted: int) -> Iterator[Result]:
    config = folder / f"{kind}.yaml"
    target = {"name": kind, "kind": kind, "url": f"redis://127.0.0.1:{port}/{database}"}
    config.write_text(yaml.safe_dump({"targets": [target]}), encoding="utf-8")
    address = f"127.0.0.1:{(listen := free_port())}"
    tool = str(Path(sys.executable).with_name("watchbill-exporter"))
    command = [tool, "queue", "--config", str(config), "--web.listen-address", address]
    with _Program(command, folder / kind, "watchbill", listen) as program:
        yield from _rows(f"watchbill, {kind}", program.url, r'^queue_jobs{.*state="ready"} (\S+)', wanted)


def _theirs(folder: Path, other: Other, port: int) -> Iterator[Result]:
    name = other.package.partition("==")[0]
    home = CACHE / "others" / name
    if (home / "bin" / name).is_file() or _installed(home, other):
        with _Program([str(home / "bin" / name), *other.flags], folder / name, name, port) as program:
            wait_until(lambda: re.search(other.series, requests.get(program.url, timeout=30).text, re.MULTILINE), 10)
            yield from _rows(name, program.url, other.series, other.wanted)
    else:
        print(f"not available: {other.package} could not be installed", file=sys.stderr)


def _installed(home: Path, other: Other) -> bool:
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", other.package, *other.also]
    return subprocess.run(pip, check=False).returncode == 0


def _rows(subject: str, url: str, series: str, wanted: float) -> Iterator[Result]:
    taken, page = [], ""
    for _ in range(SCRAPES):
        begun = time.monotonic()
        page = requests.get(url, timeout=30).text
        taken.append((time.monotonic() - begun) * 1000)
    depth = sum(float(value) for value in re.findall(series, page, re.MULTILINE))
    ours = subject.startswith("watchbill")
    yield Result(TITLE, subject, f"scrape, best of {SCRAPES}", min(taken), "ms", high=MOST_MS if ours else None)
    exact = wanted if ours else None
    yield Result(TITLE, subject, "jobs that wait", depth, "", low=exact, high=exact, note=f"truth: {wanted}")


class _Program(Service):
    def __init__(self, command: list[str], folder: Path, name: str, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/metrics"
        super().__init__(command, folder, name)

    def is_ready(self) -> bool:
        try:
            return requests.get(self.url, timeout=30).ok
        except requests.RequestException:
            return False
