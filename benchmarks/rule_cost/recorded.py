"""What thirty days of running the rules would have recorded."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rule_cost.blocks import promtool_tsdb
from benchmarks.rule_cost.data.history import Series

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.rule_cost.rules import Group
    from benchmarks.rule_cost.server import HistoryServer

POINTS = 2_880  # a query
SAMPLE = re.compile(r"\{(.*)\} (\S+) (\d+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def backfilled(promtool: Path, server: HistoryServer, rules: Path, start: int, end: int) -> list[Series]:
    """Run a backfill rule file as its user would; returns what is in the 360 blocks that each rule makes."""
    out = server.folder.with_name(f"backfill-{rules.stem}")
    stretch = ("--start", str(start), "--end", str(end))
    promtool_tsdb(promtool, "create-blocks-from", "rules", "--url", server.url, *stretch, "--output-dir", out, rules)
    (out / "wal").mkdir()  # for `dump`, which takes the folder for a server's
    found = defaultdict[str, list[tuple[int, float]]](list)
    for labels, value, at in SAMPLE.findall(promtool_tsdb(promtool, "dump", out)):
        found[labels].append((int(at), float(value)))
    return [_series(dict(LABEL.findall(labels)), sorted(samples)) for labels, samples in found.items()]


def evaluated(server: HistoryServer, group: Group, start: int, end: int) -> list[Series]:
    """Evaluate the rules of a group over the past."""
    found = []
    for rule in group.rules:
        samples = []
        for begin in range(start, end, int(POINTS * group.interval)):
            until = min(begin + (POINTS - 1) * group.interval, end)
            for _, values in server.query_range(rule.expr, begin, until, group.interval):
                samples += [(round(1_000 * at), value) for at, value in values]
        found.append(_series({"__name__": rule.record, **dict(rule.fields)["labels"]}, samples))
    return found


def _series(labels: dict[str, str], samples: list[tuple[int, float]]) -> Series:
    name = labels.pop("__name__")
    times = np.array([at / 1_000 for at, _ in samples])
    return Series(name, labels, times, np.array([value for _, value in samples]))
