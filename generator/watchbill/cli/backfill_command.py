"""`watchbill backfill`."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import click

from watchbill import conventions
from watchbill.cli.common import out_option
from watchbill.errors import ToolError


@click.command("backfill")
@out_option
@click.option(
    "--url", default="http://localhost:9090", show_default=True, help="The Prometheus that holds the history."
)
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True, help="How far back.")
@click.option(
    "--until",
    type=int,
    required=True,
    help="Unix time, seconds, at which the live rules began to record; now (`date +%s`) if they are not loaded yet.",
)
@click.option(
    "--blocks", type=click.Path(path_type=Path), default=Path("data"), show_default=True, help="Where blocks go."
)
@click.option(
    "--promtool", envvar="WATCHBILL_PROMTOOL", default="promtool", show_default=True, help="The promtool to use."
)
@click.option("--slo", multiple=True, help="Only these objectives.")
@click.option("--run", is_flag=True, help="Run the commands instead of printing them.")
def command(
    out: Path, url: str, days: int, until: int, blocks: Path, promtool: str, slo: tuple[str, ...], *, run: bool
) -> None:
    """Print (or --run) the promtool commands that compute a new objective's history from its raw metrics.

    A backfill that reaches past --until would count twice what live rules have recorded. Move the blocks into the
    server's data folder afterwards. The second pass needs the first one's blocks loaded.
    """
    files = sorted((out / conventions.BACKFILL_FOLDER).glob("pass-*/*.yml"))
    files = [f for f in files if not slo or f.stem in slo]
    if not files:
        message = (
            f"no backfill files under {out}" + (f" for {', '.join(slo)}" if slo else "") + ": run `watchbill generate`"
        )
        raise ToolError(message)
    for name in sorted({f.parent.name for f in files}):
        inside = [str(f) for f in files if f.parent.name == name]
        times = ["--start", str(until - days * 86400), "--end", str(until)]
        folder = ["--output-dir", str(blocks)]
        arguments = [promtool, "tsdb", "create-blocks-from", "rules", *times, "--url", url, *folder, *inside]
        if not run:
            click.echo(f"# {name}\n{shlex.join(arguments)}")
            continue
        click.echo(f"{name}: {len(inside)} files")
        try:
            done = subprocess.run(arguments, check=False)  # noqa: S603 - the user's own promtool
        except OSError as exc:
            message = f"could not run {promtool}: {exc.strerror}; is Prometheus installed?"
            raise ToolError(message) from exc
        if done.returncode != 0:
            message = f"promtool failed on {name} with exit code {done.returncode}"
            raise ToolError(message)
