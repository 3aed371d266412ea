"""Draws the sample on synthetic data: `python -m tests.preview.sample FOLDER`, or `make preview-sample`.

Every panel type, then the same with a wrong query and one that finds nothing: both must be told.
"""

import copy
import json
import math
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lab.history import Sample, add_history
from lab.prometheus import Prometheus
from lab.toolchain import prometheis, promtools
from tests.preview.__main__ import report
from tests.preview.picture import View, draw

SAMPLE = Path(__file__).with_name("sample.json")
AGENTS = ("coder", "planner", "reviewer", "web.search")
BOUNDS = (0.1, 0.3, 0.9, 2.7, math.inf)
STEP = 30
SPAN = 7 * 3600


def main(out: Path) -> int:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    end = time.time()
    with tempfile.TemporaryDirectory(prefix="watchbill-preview-") as folder:
        home = Path(folder)
        add_history(promtools()[0].path, home / "data", history(end))
        with Prometheus(prometheis()[0].path, home, {}) as server:
            dark, broken = draw({"sample": sample, "broken": broken_copy(sample)}, View(server.url, single=True), out)
            (light,) = draw(
                {"sample-light": sample}, View(server.url, theme="light", variables={"agent": "coder"}), out
            )
    good = [report(outcome, allow_empty=False) for outcome in (dark, light)]
    report(broken, allow_empty=False)
    told = [len(broken.errors), len(broken.empty)] == [1, 2]
    print("all as expected" if all(good) and told else "not as expected")
    return 0 if all(good) and told else 1


def broken_copy(sample: Mapping[str, Any]) -> dict[str, Any]:
    broken = copy.deepcopy(dict(sample))
    broken["title"] = "Broken: one wrong query, two that find nothing"
    by_title = {panel["title"]: panel for panel in broken["panels"]}
    by_title["Requests"]["targets"][0]["expr"] = "sum(rate(demo_requests_total[5m])"
    by_title["Budget left"]["targets"][0]["expr"] = "absent_here"
    by_title["Burn rate"]["targets"] = [{**by_title["Burn rate"]["targets"][0], "expr": "absent_here"}]
    return broken


def history(end: float) -> Iterator[Sample]:
    """Agents that work for seven hours; one is stuck and away for a while, and errors come in bursts."""
    for n, agent in enumerate(AGENTS):
        yield from _life(agent, n, random.Random(n), end - SPAN)  # noqa: S311 - synthetic data wants the same luck each run


def _life(agent: str, n: int, luck: random.Random, begin: float) -> Iterator[Sample]:
    labels = f'job="demo",agent="{agent}"'
    good, bad, spent = 0, 0, 0.0
    buckets = dict.fromkeys(BOUNDS, 0)
    for tick in range(SPAN // STEP):
        at, hours = begin + tick * STEP, tick * STEP / 3600
        if n == 1 and 3 < hours < 3.4:
            continue  # away: a gap
        wave = 1 + math.sin(hours * 2 + n) / 2
        arrived = int(30 * wave) + luck.randint(0, 7)
        failed = sum(luck.random() < (0.17 if n == 2 and 4 < hours < 4.5 else 0.01) for _ in range(arrived))
        good, bad = good + arrived - failed, bad + failed
        spent = min(1.0, spent + failed / 900)
        for _ in range(arrived):
            took = luck.lognormvariate(-1.3 + wave / 3, 0.9)
            for bound in BOUNDS:
                buckets[bound] += took <= bound
        state = 2 if n == 2 and 4 < hours < 4.6 else int(wave + luck.random() / 9 > 1)
        yield f'demo_requests_total{{{labels},code="200"}}', good, at
        yield f'demo_requests_total{{{labels},code="500"}}', bad, at
        yield f"demo_state{{{labels}}}", state, at
        yield f"demo_queue_length{{{labels}}}", luck.randint(0, 9) + int(13 * n * wave), at
        yield f"demo_budget_spent_ratio{{{labels}}}", spent, at
        for bound, count in buckets.items():
            yield f'demo_request_seconds_bucket{{{labels},le="{"+Inf" if bound == math.inf else bound}"}}', count, at


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
