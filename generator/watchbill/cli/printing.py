"""What commands share in printing: colours on a terminal only, tables, diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from watchbill.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.diagnostics import Diagnostic

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def print_diagnostics(diagnostics: Sequence[Diagnostic], form: str) -> None:
    """Print diagnostics: people's form to standard error, machines' forms to standard output."""
    from watchbill.reports import FORMATS

    if form != "text":
        click.echo(FORMATS[form](diagnostics), nl=False)
        return
    for one in diagnostics:
        head, *rest = one.text().split("\n")
        click.secho(head, fg=COLOURS[one.severity], bold=True, err=True)
        for line in rest:
            click.secho(line, dim=line.lstrip().startswith("hint:"), err=True)
    if diagnostics:
        click.echo(summary(diagnostics), err=True)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Return `2 errors, 1 warning`, and where to read on."""
    counts = [(s, sum(d.severity is s for d in diagnostics)) for s in Severity]
    words = [f"{n} {'note' if s is Severity.INFO else s.value}{'s' if n > 1 else ''}" for s, n in counts if n]
    worst = min(diagnostics, key=lambda d: list(Severity).index(d.severity))
    return f"{', '.join(words)}; `watchbill explain {worst.code}` says more"


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """Return aligned columns, no wider than they need to be."""
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in (head, *rows)]
    return "\n".join([click.style(lines[0], bold=True), *lines[1:]])
