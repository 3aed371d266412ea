"""Prints how far tiles and `increase()` are from the truth: `python -m tests.lab.compare --seconds 120`."""

import argparse
import tempfile
from pathlib import Path

from tests.lab.bench import Clock, Tiler
from tests.lab.construction import tile
from tests.lab.misbehaviour import EXACT, INEXACT
from tests.lab.trial import Contender, Trial, trial
from tests.toolchain import prometheis

CLOCK = Clock(scrape=1_500, timeout=1_250, delta=3_000, settle=1_500, bridge=30_000)
INCREASE_WINDOW_S = 6


def _tile(selector: str, job: str, guard_ms: int = CLOCK.bridge, born: str | None = None) -> str:
    return tile(
        selector,
        delta_ms=CLOCK.delta,
        settle_ms=CLOCK.settle,
        bridge_ms=CLOCK.bridge,
        guard_ms=guard_ms,
        up=f'up{{job="{job}"}}',
        born=born,
    )


def _young(selector: str, job: str) -> str:
    return _tile(selector, job, born=f'process_start_time_seconds{{job="{job}"}}')


def _increase(selector: str, _: str) -> str:
    return f"sum(increase({selector}[{INCREASE_WINDOW_S}s])) * {CLOCK.delta / 1000 / INCREASE_WINDOW_S:g}"


TILERS: dict[str, Tiler] = {"tile": _tile, "tile with born": _young, "increase": _increase}


def report(run: Trial, server: str) -> list[str]:
    lines = []
    for job in EXACT | INEXACT:
        truth = run.shown(server, job)
        errors = {variant: run.counted(server, job, variant).error_against(truth) for variant in TILERS}
        cells = (f"{name} {100 * error.events:+.2f} / {100 * error.errors:+.2f} %" for name, error in errors.items())
        lines.append(f"{server:8} {job:15} {truth.events:6.0f} / {truth.errors:4.0f}   " + "   ".join(cells))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args().seconds
    contenders = [Contender(version.leg, version.path) for version in prometheis()]
    with (
        tempfile.TemporaryDirectory() as folder,
        trial(contenders, EXACT | INEXACT, TILERS, Path(folder), clock=CLOCK, seconds=seconds) as run,
    ):
        for contender in contenders:
            print("\n".join(report(run, contender.name)))


if __name__ == "__main__":
    main()
