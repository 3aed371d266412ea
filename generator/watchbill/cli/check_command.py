"""`watchbill check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from watchbill.cli.common import checked, spec_argument
from watchbill.cli.printing import print_diagnostics
from watchbill.diagnostics import Severity
from watchbill.errors import SpecError

if TYPE_CHECKING:
    from watchbill.diagnostics import Diagnostic
    from watchbill.load import Loaded


@click.command("check")
@spec_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--dashboards",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Check Grafana dashboards too: a JSON file, or a folder of them; several times for several.",
)
@click.pass_context
def command(
    ctx: click.Context, spec: tuple[Path, ...], form: str, *, strict: bool, dashboards: tuple[Path, ...]
) -> None:
    """Check SPEC, files or folders, offline, and report everything that can be told at once.

    Exits 1 on errors, and with --strict on warnings.
    """
    found: list[Diagnostic]
    try:
        loaded, found = checked(spec)
        if dashboards:
            found += _in_dashboards(dashboards, loaded)
    except SpecError as exc:
        found = list(exc.diagnostics)
    print_diagnostics(found, form)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(d.severity in bad for d in found):
        ctx.exit(1)
    if form == "text" and not found:
        click.echo("no findings")


def _in_dashboards(paths: tuple[Path, ...], loaded: Loaded) -> list[Diagnostic]:
    from watchbill import plan
    from watchbill.lint.dashboards import lint
    from watchbill.load.json_files import read_json_files

    return lint(read_json_files(paths), loaded.document, plan.build(loaded.document))
