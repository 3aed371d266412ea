"""`watchbill routes`."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watchbill import conventions
from watchbill.cli.common import checked, spec_argument
from watchbill.cli.printing import table

if TYPE_CHECKING:
    from watchbill.merging import Merged

HEAD = ("ALERT", "SEVERITY", "OF", "BEFORE", "AFTER")


@click.group("routes")
def command() -> None:
    """Bring the spec's routes into an Alertmanager configuration that belongs to somebody else."""


@command.command("merge")
@spec_argument
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The alertmanager.yml to put the routes into.",
)
@click.option("--remove", is_flag=True, help="Take them out again: the file is then, byte for byte, what it was.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; print the diff and exit 1 if there is one.")
@click.pass_context
def merge(ctx: click.Context, spec: tuple[Path, ...], into: Path, *, remove: bool, check_only: bool) -> None:
    """Put the routes of SPEC into an alertmanager.yml, between BEGIN and END lines; every other byte stays.

    Prints every label set whose receiver changes. Refuses, with line and reason, what it cannot do safely, and whatever
    would change the receiver of an alert that is not the spec's.
    """
    from watchbill import inplace, plan
    from watchbill.load.host import read
    from watchbill.merging import merged, removed, template_text

    loaded, _ = checked(spec)
    built = plan.build(loaded.document)
    old = read(into)
    found = removed(built, str(into), old) if remove else merged(built, str(into), old)
    beside, template = template_text(built, into)
    there = read(beside) if beside.exists() else None
    wanted = None if remove else template
    if check_only:
        different = found.text != old or there != wanted
        click.echo(_diff(old, found.text, str(into)), nl=False)
        _report(found)
        if different:
            click.echo(f"{into} is out of step: run `watchbill routes merge`", err=True)
            ctx.exit(1)
        return
    if there != wanted and wanted is not None:
        inplace.replace(beside, there, wanted)  # first: the configuration names it
    if found.text != old:
        inplace.replace(into, old, found.text)
    if there is not None and wanted is None and there == template:
        inplace.replace(beside, there, None)
    _report(found)
    click.echo(f"{into}: {'changed' if found.text != old else 'nothing to change'}")


def _diff(old: str, new: str, name: str) -> str:
    """Without context: the lines around are somebody else's, secrets perhaps."""
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, name, n=0)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _report(found: Merged) -> None:
    rows = []
    for change in found.changes:
        labels = dict(change.labels)
        names = (labels["alertname"], labels.get("severity", ""), conventions.item(labels)[1] or labels.get("job", ""))
        rows.append((*names, ", ".join(change.before), ", ".join(change.after)))
    if rows:
        click.echo(table(rows, HEAD))
    click.echo(f"{len(rows)} label sets of ours change their receiver; none of anybody else's does")
