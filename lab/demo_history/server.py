"""Puts the history together and serves it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.demo_history.evaluate import alerted, recorded
from lab.demo_history.levels import levels
from lab.demo_history.series import write_block
from lab.demo_history.times import Times
from lab.demo_history.world import scraped
from lab.prometheus import Prometheus
from lab.toolchain import Tool, prometheis, promtools
from watchbill import plan as planner
from watchbill.load import load
from watchbill.model import Plan

FLAGS = ("--storage.tsdb.retention.time=100d", "--query.max-samples=100000000")


@dataclass(frozen=True)
class Demo:
    """The server, what it watches, and the Unix time at which the incident is on."""

    server: Prometheus
    plan: Plan
    now: int
    begin: int


@contextmanager
def demo(
    spec: Path, folder: Path, *, leg: str = "", hours: float = 26, ahead: int = 1800, port: int | None = None
) -> Iterator[Demo]:
    """Serve the history of everything in a spec; `leg` names a leg of the tool matrix, by default the newest."""
    document = load([spec]).document
    plan = planner.build(document)
    times = Times(int(time.time()), hours, ahead)
    tools = _tool(prometheis(), leg), _tool(promtools(), leg)
    server = Prometheus(tools[0].path, folder, {}, flags=FLAGS, port=port)
    promtool, data = tools[1].path, folder / "data"
    write_block(promtool, data, scraped(document, plan, times), "scraped")
    server.start()
    try:
        for n, steps in enumerate(levels(plan), 1):
            found = recorded(server, steps, times)
            server.stop()
            write_block(promtool, data, found, f"level-{n}")
            server.start()
        found = alerted(server, plan, times)
        server.stop()
        write_block(promtool, data, found, "alerts")
        server.start()
        yield Demo(server, plan, times.now, times.begin)
    finally:
        server.stop()


def _tool(tools: tuple[Tool, ...], leg: str) -> Tool:
    found = [tool for tool in tools if not leg or tool.leg == leg]
    if not found:
        raise RuntimeError(f"no such tool here: {leg or 'any'}")
    return max(found, key=lambda tool: tuple(map(int, tool.version.split("."))))
