"""CPU of the rules as the rule manager runs them: the same rules, thirty times as often, for a minute.

The expressions are untouched, so an evaluation costs what it costs at the real pace. One server a shape and one
without rules, all on the same history and scraping the same forty targets; what the one without rules takes is
taken off. Window sums read some more of our own tiles than in reality (they come every second), which is against us.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from benchmarks.rule_cost.data import steady
from benchmarks.rule_cost.rules import document
from benchmarks.rule_cost.server import HistoryServer
from benchmarks.rule_cost.targets import exposing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.rule_cost.rules import Shape

SPEED = 30
WARM_UP = 45.0
SPAN = 60.0  # a multiple of every group's interval at that speed
IDLE = "no rules"
CPU = "process_cpu_seconds_total"


def measure(binary: Path, folder: Path, data: Path, shapes: Sequence[Shape]) -> dict[str, float]:
    """Return milliseconds of CPU per minute at the real pace; each server gets the blocks in `data` as links."""
    plans: dict[str, Mapping[str, Any] | None] = {IDLE: None}
    plans.update((shape.name, document(shape.groups, speed=SPEED)) for shape in shapes)
    with ExitStack() as stack:
        address = stack.enter_context(exposing(steady.METRIC, steady.INSTANCES, [*steady.SHARES, *steady.BAD_SHARES]))
        servers = {}
        for name, rules in plans.items():
            own = folder / name.replace(" ", "-")
            _link_blocks(data, own / "data")
            servers[name] = stack.enter_context(HistoryServer(binary, own, _config(address), rules))
        time.sleep(WARM_UP)
        before = {name: server.own_metric(CPU) for name, server in servers.items()}
        time.sleep(SPAN)
        spent = {name: server.own_metric(CPU) - before[name] for name, server in servers.items()}
    idle = spent.pop(IDLE)
    minutes = SPEED * SPAN / 60
    return {name: 1_000 * (cpu - idle) / minutes for name, cpu in spent.items()}


def _link_blocks(source: Path, target: Path) -> None:
    """Blocks only: servers that share the file of active queries truncate it under each other, and crash."""
    for meta in source.glob("*/meta.json"):
        shutil.copytree(meta.parent, target / meta.parent.name, copy_function=os.link)


def _config(address: str) -> dict[str, Any]:
    targets = [
        {
            "targets": [address],
            "labels": {"__metrics_path__": f"/{number}", "instance": steady.instance_name(number)},
        }
        for number in range(steady.INSTANCES)
    ]
    return {
        "global": {"scrape_interval": "30s", "evaluation_interval": "30s"},
        "scrape_configs": [{"job_name": steady.JOB, "static_configs": targets}],
    }
