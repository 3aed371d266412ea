"""Prints how far tiles and `increase()` are from the truth: `python -m lab.compare --seconds 120`."""

import argparse
import tempfile
from pathlib import Path

from lab.bench import Clock, Tiler, rule_file
from lab.misbehaviour import EXACT, INEXACT
from lab.product import tiler
from lab.toolchain import prometheis
from lab.trial import Contender, Trial, trial

CLOCK = Clock(scrape=1_500, timeout=1_250, delta=3_000, settle=1_500, bridge=30_000)
INCREASE_WINDOW_S = 6


def _increase(selector: str, _: str) -> str:
    return f"sum(increase({selector}[{INCREASE_WINDOW_S}s])) * {CLOCK.delta / 1000 / INCREASE_WINDOW_S:g}"


TILERS: dict[str, Tiler] = {
    "tile": tiler(CLOCK),
    "tile with process_start": tiler(CLOCK, process_start=True),
    "tile of ignored new series": tiler(CLOCK, new_series="ignore"),
    "increase": _increase,
}
BEHAVIOURS = EXACT | INEXACT
RULES = rule_file(BEHAVIOURS, TILERS, CLOCK)


def report(run: Trial, server: str) -> list[str]:
    lines = []
    for job in BEHAVIOURS:
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
        trial(contenders, BEHAVIOURS, RULES, Path(folder), clock=CLOCK, seconds=seconds) as run,
    ):
        for contender in contenders:
            print("\n".join(report(run, contender.name)))


if __name__ == "__main__":
    main()
