"""`python -m benchmarks`: runs all, prints a table per benchmark and a JSON line per result; 1 when a bound fails."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from benchmarks import exporters, generation, rule_cost
from benchmarks.report import Result, table
from lab import toolchain

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=(generation.NAME, exporters.NAME, rule_cost.NAME), help="run one of them")
    parser.add_argument("--full", action="store_true", help="every version of Prometheus; others at 10,000 SLOs too")
    options = parser.parse_args()
    results: list[Result] = []
    begun = time.monotonic()
    for benchmark, rows in groupby(_run(options.only, full=options.full), key=lambda result: result.benchmark):
        done = list(rows)
        print(f"\n{benchmark}\n\n{table(done)}\n", flush=True)
        results += done
    print(f"{time.monotonic() - begun:.0f} s in all\n")
    for result in results:
        print(result.json)
    failed = [result for result in results if not result.holds]
    for result in failed:
        print(f"bound failed: {result.benchmark}: {result.subject}: {result.figure}", file=sys.stderr)
    return 1 if failed else 0


def _run(only: str | None, *, full: bool) -> Iterator[Result]:
    if only in {None, generation.NAME}:
        yield from generation.run(full=full)
    if only in {None, exporters.NAME}:
        yield from exporters.run()
    if only in {None, rule_cost.NAME}:
        yield from _rules(full=full)


def _rules(*, full: bool) -> Iterator[Result]:
    promtools = {tool.leg: tool for tool in toolchain.promtools()}
    servers = [tool for tool in toolchain.prometheis() if tool.leg in promtools]
    for server in servers if full else servers[:1]:
        print(f"{server}:", flush=True)
        for result in rule_cost.run(server.path, promtools[server.leg].path):
            yield replace(result, benchmark=f"{result.benchmark} (Prometheus {server.version})")


if __name__ == "__main__":
    sys.exit(main())
