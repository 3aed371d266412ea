"""`watchbill explain`."""

from __future__ import annotations

import click

from watchbill.diagnostics import did_you_mean


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a diagnostic CODE such as WB220; without one, list them all."""
    from watchbill.catalogue import CODES

    if code is None:
        for one in CODES:
            click.echo(f"{one.slug}  {one.severity.value:<7}  {one.title}")
        return
    found = next((c for c in CODES if c.slug == code.upper()), None)
    if found is None:
        message = f"no code '{code}'; {did_you_mean(code.upper(), [c.slug for c in CODES])}"
        raise click.UsageError(message)
    click.secho(f"{found.slug}  {found.title}  ({found.severity.value})", bold=True)
    click.echo(f"\n{click.wrap_text(found.why, 88)}\n\n{click.wrap_text('What to do: ' + found.fix, 88)}")
