"""Writes TSDB blocks of the sizes that a server with 45 days of retention compacts its own to."""

from __future__ import annotations

import subprocess
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from benchmarks.rule_cost.data import churn, steady
from benchmarks.rule_cost.data.history import write_openmetrics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.rule_cost.data.history import Series

WORKERS = 2
HOUR = 3_600
SIZES = (54 * HOUR, 18 * HOUR, 6 * HOUR, 2 * HOUR)
LONGEST = "--max-block-duration=54h"  # hidden; a file that spans less makes one block
Stretch = tuple[int, int]


def layout(start: int, end: int) -> list[Stretch]:
    """Return the blocks' times: aligned, the largest first, small ones towards the end."""
    found = []
    at = start
    while at < end:
        size = next((size for size in SIZES if at // size * size + size <= end), SIZES[-1])
        until = min(at // size * size + size, end)
        found.append((at, until))
        at = until
    return found


def import_raw(promtool: Path, folder: Path, start: int, stretches: Sequence[Stretch]) -> None:
    """Write both data sets as blocks into `folder`."""
    shares = [stretches[worker::WORKERS] for worker in range(WORKERS)]
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(partial(_import_share, promtool, folder, start), shares))


def _import_share(promtool: Path, folder: Path, start: int, stretches: Sequence[Stretch]) -> None:
    steadily = chain.from_iterable(steady.series(number, start) for number in range(steady.INSTANCES))
    import_series(promtool, folder, [*steadily, *churn.series(start)], stretches)


def import_series(promtool: Path, folder: Path, series: Sequence[Series], stretches: Sequence[Stretch]) -> None:
    """Write one block for each stretch."""
    for begin, end in stretches:
        text = folder.with_name(f"{begin}.om")
        with text.open("w", encoding="ascii") as out:
            write_openmetrics(series, out, begin, end)
        promtool_tsdb(promtool, "create-blocks-from", "openmetrics", LONGEST, "--quiet", text, folder)
        text.unlink()


def promtool_tsdb(promtool: Path, *arguments: str | Path) -> str:
    done = subprocess.run([promtool, "tsdb", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"could not run promtool tsdb {arguments[:2]}:\n{done.stderr[-2_000:]}")
    return done.stdout
