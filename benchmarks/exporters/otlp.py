"""Spans over OTLP/HTTP, the whole way: an exporter as a process of its own, its CPU by the kernel's count."""

from __future__ import annotations

import json
import os
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from benchmarks.exporters import spans
from benchmarks.report import Result
from tests.exporters.agent.program import Program
from tests.exporters.pages import values
from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.catalogue.calls import INPUT_TOKENS
from watchbill_exporters.agent.hub import Hub
from watchbill_exporters.agent.otlp import OtlpSource
from watchbill_exporters.agent.otlp.config import OtlpConfig
from watchbill_exporters.agent.otlp.traces import Patience
from watchbill_exporters.core.memory.tally import Allowance, Tally
from watchbill_exporters.core.routes import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

WARM, MEASURED = 100, 1_000
LEAST = 120_000.0  # spans a second on one core
SERIES = 100_000
RUNS = 1_000_000
FLAT = 1.15
TITLE = "exporters: OTLP over HTTP, 512 spans a request, one core"
MEMORY = "exporters: memory of the agent exporter"
_HZ = os.sysconf("SC_CLK_TCK")
_HEADERS = {"Content-Type": "application/x-protobuf"}
_PLAIN = {"content-type": "application/x-protobuf"}


def run(folder: Path) -> Iterator[Result]:
    yield from _speed(folder)
    yield from _series()
    yield from _flat()


def _speed(folder: Path) -> Iterator[Result]:
    config = folder / "agent.yaml"
    config.write_text(json.dumps({"otlp": {"settle": "100ms"}}), encoding="utf-8")
    sent = list(spans.bodies(WARM + MEASURED))
    with Program(config) as program, requests.Session() as session:
        for body in sent[:WARM]:
            assert session.post(f"{program.url}/v1/traces", body, headers=_HEADERS, timeout=30).ok
        cpu, begun = _cpu(program.pid), time.perf_counter()
        for body in sent[WARM:]:
            assert session.post(f"{program.url}/v1/traces", body, headers=_HEADERS, timeout=30).ok
        wall, used = time.perf_counter() - begun, _cpu(program.pid) - cpu
        time.sleep(0.2)
        page = values(program.page())
    counted = sum(v for (name, _), v in page.items() if name == "agent_runs_total")
    assert counted == len(sent) * spans.BATCH / spans.RUN, "a fast wrong count is none"
    count = MEASURED * spans.BATCH
    yield Result(TITLE, "watchbill", "spans per CPU second", count / used, "/s", LEAST, note=f"{used:.1f} s")
    yield Result(TITLE, "watchbill", "spans per second, one sender", count / wall, "/s")
    yield Result(TITLE, "watchbill", "a request", len(sent[0]) / 1000, "kB")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _HZ


def _series() -> Iterator[Result]:
    tally = Tally(FAMILIES, {name: Allowance(most=SERIES) for name in ("agent", "model", "provider")}, series=SERIES)
    before = _resident()
    for number in range(SERIES):
        tally.add(INPUT_TOKENS, (f"agent-{number % 100}", "openai", f"model-{number // 100}"), 7)
    yield Result(MEMORY, "watchbill", f"{SERIES:,} series", _resident() - before, "MB", high=150.0)
    begun = time.thread_time()
    tally.read()
    yield Result(MEMORY, "watchbill", "senders wait while they are read", (time.thread_time() - begun) * 1000, "ms")


def _flat() -> Iterator[Result]:
    """Feed a million runs past HTTP; what is resident after a fifth of them must be all there ever is."""
    feed = OtlpSource(Hub()).connect(OtlpConfig(patience=Patience(settle=0.1)))
    [route] = feed.routes()
    sent, early = 0, 0.0
    for body in spans.bodies(RUNS * spans.RUN // spans.BATCH):
        assert route.handler(Request("POST", route.path, {}, _PLAIN, body)).status == 200
        sent += spans.BATCH // spans.RUN
        if not early and sent >= RUNS / 5:
            early = _resident()
    late = _resident()
    feed.close()
    figure = f"after {RUNS:,} runs, times that after a fifth"
    yield Result(MEMORY, "watchbill", figure, late / early, "x", high=FLAT, note=f"{late:.0f} MB")


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
