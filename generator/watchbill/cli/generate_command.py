"""`watchbill generate`."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING

import click

from watchbill.cli.common import checked, out_option, spec_argument
from watchbill.cli.printing import print_diagnostics
from watchbill.diagnostics import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.output import Changes, Rendered

TARGET_NAMES = ("rules", "tests", "backfill", "routes", "dashboards", "runbooks", "limits")


@click.command("generate")
@spec_argument
@out_option
@click.option("--check", "check_only", is_flag=True, help="Write nothing; print the diff and exit 1 if there is one.")
@click.option("--diff", "show_diff", is_flag=True, help="Print the diff, then write.")
@click.option("--only", multiple=True, type=click.Choice(TARGET_NAMES), help="Render these targets only.")
@click.option("--force", is_flag=True, help="Overwrite generated files that were edited by hand.")
@click.option("--quiet", "-q", is_flag=True, help="Print problems only.")
@click.pass_context
def command(
    ctx: click.Context,
    spec: tuple[Path, ...],
    out: Path,
    only: tuple[str, ...],
    *,
    check_only: bool,
    show_diff: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Write the bundle of SPEC, whole or not at all: alerts (rules, tests, backfills, routes, limits), pages."""
    from watchbill import output, plan
    from watchbill.targets import TARGETS

    gc.disable()  # short-lived, and nothing here is cyclic: collecting costs a fifth of the time at 1,000 objectives
    loaded, warnings = checked(spec)
    if not quiet:
        print_diagnostics([w for w in warnings if w.severity is Severity.WARNING], "text")
    wanted = frozenset(only) or frozenset(TARGET_NAMES)
    built = plan.build(loaded.document, loaded.notes)
    files = {
        path: output.Rendered(text, target.NAME)
        for target in TARGETS
        if target.NAME in wanted
        for path, text in target.render(built)
    }
    if check_only or show_diff:
        changes = output.compare(out, files, wanted)
        click.echo(output.diff(out, files, changes), nl=False)
        if check_only:
            if changes:
                click.echo(f"{_counts(changes)}: run `watchbill generate`", err=True)
                ctx.exit(1)
            return
    changes = output.write(out, files, wanted, loaded.digest, force=force)
    if not quiet:
        _report(files, changes, out)


def _counts(changes: Changes) -> str:
    parts = [
        f"{len(n)} {w}"
        for w, n in (("new", changes.added), ("changed", changes.changed), ("gone", changes.removed))
        if n
    ]
    return ", ".join(parts) or "nothing to do"


def _report(files: dict[str, Rendered], changes: Changes, out: Path) -> None:
    for path in changes.kept:
        click.echo(f"left alone, not as watchbill wrote it: {path}", err=True)
    folders = Counter(p.rsplit("/", 1)[0] for p in files)
    for folder, count in sorted(folders.items()):
        click.echo(f"{out / folder}/  {count} file{'s' if count > 1 else ''}")
    state = _counts(changes) if changes else "everything was in step"
    click.echo(click.style(f"{len(files)} files: {state}", bold=True))
