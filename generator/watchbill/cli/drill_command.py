"""`watchbill drill`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watchbill.cli.common import checked
from watchbill.cli.printing import table
from watchbill.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.live.http import Access
    from watchbill.live.routed import Answer
    from watchbill.live.shots import Shot
    from watchbill.model import Plan

ROUTE_HEAD = ("ALERT", "RECEIVER", "KEPT QUIET BY", "RESULT")
HOSTS_DEFAULT = "the host's default"


@click.command("drill")
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("alerts", nargs=-1, metavar="[ALERT]...")
@click.option("--route-only", is_flag=True, help="Push alerts straight into an Alertmanager; nothing is broken.")
@click.option("--alertmanager", metavar="URL", help="The Alertmanager to drill.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before people are notified.")
@click.option(
    "--rate", type=click.FloatRange(0.1, 6000), default=30, show_default=True, help="At most so many pushes a minute."
)
@click.option(
    "--hold",
    type=click.FloatRange(0, 3600),
    default=0,
    show_default=True,
    help="Seconds that each alert stays: longer than the route's group_wait, and people are told.",
)
@click.option("--token-file", type=click.Path(path_type=Path), help="Bearer token, or $WATCHBILL_DRILL_TOKEN.")
@click.option("--user", default="", help="User, with a password from --password-file or $WATCHBILL_DRILL_PASSWORD.")
@click.option("--password-file", type=click.Path(path_type=Path), help="File that holds the password.")
@click.option("--ca-file", type=click.Path(path_type=Path, exists=True), help="Certificates to trust.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    spec: Path,
    alerts: tuple[str, ...],
    alertmanager: str | None,
    rate: float,
    hold: float,
    token_file: Path | None,
    user: str,
    password_file: Path | None,
    ca_file: Path | None,
    form: str,
    *,
    route_only: bool,
    yes: bool,
) -> None:
    """Prove live that alerts arrive: those named, or all of SPEC. Exits 1 if one does not.

    --route-only pushes each alert into an Alertmanager, marked `drill="true"`, sees that it is received, goes to the
    receiver the plan says and is kept quiet by what should, and resolves it, on ^C too. For production.
    """
    from watchbill import plan  # noqa: PLC0415 - keeps --help quick
    from watchbill.live.http import Access, secret  # noqa: PLC0415
    from watchbill.live.shots import chosen  # noqa: PLC0415

    if not route_only or alertmanager is None:
        raise click.UsageError("name what to drill: --route-only with --alertmanager URL")
    loaded, _ = checked([spec])
    built = plan.build(loaded.document, loaded.notes)
    names = chosen(built, alerts)
    access = Access(
        secret(token_file, "WATCHBILL_DRILL_TOKEN"),
        user,
        secret(password_file, "WATCHBILL_DRILL_PASSWORD") if user else "",
        str(ca_file or ""),
    )
    failed = _routes(built, names, alertmanager, access, rate, hold, form, yes=yes)
    if failed:
        ctx.exit(1)


def _routes(
    plan: Plan, names: Sequence[str], url: str, access: Access, rate: float, hold: float, form: str, *, yes: bool
) -> int:
    from watchbill.live.alertmanager import Alertmanager  # noqa: PLC0415 - keeps --help quick
    from watchbill.live.http import Site  # noqa: PLC0415
    from watchbill.live.routed import RouteDrill  # noqa: PLC0415
    from watchbill.live.shots import shots  # noqa: PLC0415
    from watchbill.targets.routes.checks import quiet_rules  # noqa: PLC0415

    found = shots(plan, names)
    server = Alertmanager(Site("Alertmanager", url, access))
    server.alerts()  # nobody is asked about what could not be done
    _announce(found, url, rate, yes=yes)
    drill = RouteDrill(server, quiet_rules(plan), rate, hold)
    answers = []
    for answer in drill.run(found):
        answers.append(answer)
        mark = "; ".join(answer.problems) or "ok"
        click.echo(f"{len(answers)}/{len(found)} {answer.alert}: {mark}", err=True)
    click.echo(json.dumps([asdict(a) for a in answers], indent=1) if form == "json" else _route_table(answers))
    failed = sum(bool(a.problems) for a in answers)
    click.echo(f"{len(answers)} alerts drilled, {failed} failed", err=True)
    return failed


def _announce(found: Sequence[Shot], url: str, rate: float, *, yes: bool) -> None:
    told = sorted({shot.receiver or HOSTS_DEFAULT for shot in found})
    minutes = sum(2 if shot.source else 1 for shot in found) / rate
    click.echo(
        f'{len(found)} alerts, marked drill="true", go to {url} and may notify: {", ".join(told)}. '
        f"About {max(1, round(minutes))} min at {rate:g} pushes a minute.",
        err=True,
    )
    if not yes and not click.confirm("Go on?", err=True):
        raise LiveError("nothing was pushed")


def _route_table(answers: Sequence[Answer]) -> str:
    rows = [(a.alert, ", ".join(a.receivers), a.quiet, "; ".join(a.problems) or "ok") for a in answers]
    return table(rows, ROUTE_HEAD)
