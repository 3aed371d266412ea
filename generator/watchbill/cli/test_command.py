"""`watchbill test`."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from watchbill import conventions
from watchbill.cli.common import out_option
from watchbill.errors import ToolError

if TYPE_CHECKING:
    from pathlib import Path


@click.command("test")
@out_option
@click.option("--promtool", envvar="WATCHBILL_PROMTOOL", help="The promtool to use.  [default: the one on PATH]")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), default=os.cpu_count() or 2, help="How many run at once.")
@click.pass_context
def command(ctx: click.Context, out: Path, promtool: str | None, jobs: int) -> None:
    """Run promtool over the generated rules and their tests; exit 1 if one fails."""
    tool = _found(promtool)
    rules = sorted((out / conventions.RULES_FOLDER).glob("*.yml"))
    backfills = sorted((out / conventions.BACKFILL_FOLDER).glob("*/*.yml"))
    tests = sorted((out / conventions.TESTS_FOLDER).glob("*_test.yml"))
    if not rules or not tests:
        message = f"no rules or no tests under {out}: run `watchbill generate` first"
        raise ToolError(message)
    # promtool takes files of equal rules for duplicates, and a backfill repeats what the live rules record.
    jobs_list = [
        [tool, "check", "rules", "--lint=all", "--lint-fatal", *map(str, files)]
        for files in (rules, backfills)
        if files
    ]
    jobs_list += [[tool, "test", "rules", str(path)] for path in tests]
    failed = 0
    with ThreadPoolExecutor(jobs) as pool:
        for arguments, done in zip(jobs_list, pool.map(_run, jobs_list), strict=True):
            if done.returncode != 0 or "FAILED" in done.stdout:
                failed += 1
                click.secho(
                    f"FAILED: promtool {' '.join(arguments[1:3])} {' '.join(arguments[-2:])}", fg="red", err=True
                )
                click.echo(done.stdout + done.stderr, err=True)
    version = _run([tool, "--version"])
    name = (version.stdout + version.stderr).split("(")[0].strip() or tool
    click.echo(f"{name}: {len(rules)} rule files, {len(backfills)} backfills, {len(tests)} test files, {failed} failed")
    if failed:
        ctx.exit(1)


def _found(promtool: str | None) -> str:
    path = shutil.which(promtool or "promtool")
    if path is None:
        message = (
            f"{promtool or 'promtool'} was not found. It comes with Prometheus: on Debian and Ubuntu `apt-get install "
            "prometheus` (or `promtool`), elsewhere with the release archive; or name one with --promtool"
        )
        raise ToolError(message)
    return path


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - the user's own promtool
            arguments, capture_output=True, text=True, check=False, errors="replace"
        )
    except OSError as exc:
        message = f"could not run {arguments[0]}: {exc.strerror}"
        raise ToolError(message) from exc
