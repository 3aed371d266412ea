"""`watchbill check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from watchbill.cli.common import checked, spec_argument
from watchbill.cli.printing import print_diagnostics
from watchbill.diagnostics import Severity
from watchbill.errors import SpecError

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.diagnostics import Diagnostic


@click.command("check")
@spec_argument
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.pass_context
def command(ctx: click.Context, spec: tuple[Path, ...], form: str, *, strict: bool) -> None:
    """Check SPEC, files or folders, offline, and report everything that can be told at once.

    Exits 1 on errors, and with --strict on warnings.
    """
    found: list[Diagnostic]
    try:
        _, found = checked(spec)
    except SpecError as exc:
        found = list(exc.diagnostics)
    print_diagnostics(found, form)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(d.severity in bad for d in found):
        ctx.exit(1)
    if form == "text" and not found:
        click.echo("no findings")
