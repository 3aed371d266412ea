"""`watchbill drill`."""

from __future__ import annotations

from pathlib import Path

import click

from watchbill.cli import drilling
from watchbill.cli.common import checked


@click.command("drill")
@click.argument("spec", type=click.Path(path_type=Path))
@click.argument("alerts", nargs=-1, metavar="[ALERT]...")
@click.option("--local", "is_local", is_flag=True, help="Play every alert's scenario on servers of the drill's own.")
@click.option("--route-only", is_flag=True, help="Push alerts straight into an Alertmanager; nothing is broken.")
@click.option("--stack", metavar="URL", help="Switch on the faults of a stack, through its control API.")
@click.option("--alertmanager", metavar="URL", help="With --route-only: the Alertmanager to drill.")
@click.option("--yes", "-y", is_flag=True, help="With --route-only: do not ask before people are notified.")
@click.option(
    "--rate",
    type=click.FloatRange(0.1, 6000),
    default=30,
    show_default=True,
    help="With --route-only: at most so many pushes a minute.",
)
@click.option(
    "--hold",
    type=click.FloatRange(0, 3600),
    default=0,
    show_default=True,
    help="With --route-only: seconds that each alert stays. Longer than the route's group_wait, and people are told.",
)
@click.option(
    "--longest",
    type=click.FloatRange(1),
    default=900,
    show_default=True,
    help="With --stack: for so many seconds an alert is awaited; one that may take longer is then left out.",
)
@click.option(
    "--longest-end",
    type=click.FloatRange(0),
    default=900,
    show_default=True,
    help="With --stack: for so many seconds the end of an alert is awaited; one that may take longer is then noted.",
)
@click.option(
    "--pace",
    type=click.FloatRange(1),
    default=30,
    show_default=True,
    help="With --local: slower rule groups are evaluated every so many seconds.",
)
@click.option("--prometheus-binary", envvar="WATCHBILL_PROMETHEUS", help="With --local.  [default: the one on PATH]")
@click.option("--promtool", envvar="WATCHBILL_PROMTOOL", help="With --local.  [default: the one on PATH]")
@click.option(
    "--alertmanager-binary", envvar="WATCHBILL_ALERTMANAGER", help="With --local.  [default: the one on PATH]"
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
    stack: str | None,
    alertmanager: str | None,
    rate: float,
    hold: float,
    longest: float,
    longest_end: float,
    pace: float,
    prometheus_binary: str | None,
    promtool: str | None,
    alertmanager_binary: str | None,
    token_file: Path | None,
    user: str,
    password_file: Path | None,
    ca_file: Path | None,
    form: str,
    *,
    is_local: bool,
    route_only: bool,
    yes: bool,
) -> None:
    """Prove live that alerts arrive: those named, or all of SPEC. Exits 1 if one does not.

    --local fires each through a real Prometheus and Alertmanager on this machine, from its own scenario: history up to
    the brink, then live. Long windows need no long wait.

    --route-only pushes each into an Alertmanager, marked `drill="true"`, sees that it is received, goes to the receiver
    the plan says and is kept quiet by what should, and resolves it, on ^C too. For production.

    --stack breaks a stack that can be broken, fault by fault, and mends it.
    """
    from watchbill import plan
    from watchbill.live.http import Access, secret
    from watchbill.live.local.drill import tools
    from watchbill.live.shots import chosen

    if sum((is_local, route_only, stack is not None)) != 1 or route_only is (alertmanager is None):
        raise click.UsageError("choose one: --local, --route-only with --alertmanager URL, or --stack URL")
    loaded, _ = checked([spec])
    built = plan.build(loaded.document, loaded.notes)
    names = chosen(built, alerts)
    access = Access(
        secret(token_file, "WATCHBILL_DRILL_TOKEN"),
        user,
        secret(password_file, "WATCHBILL_DRILL_PASSWORD") if user else "",
        str(ca_file or ""),
    )
    with drilling.ending_cleanly():
        if alertmanager is not None:
            failed = drilling.routes(built, names, alertmanager, access, rate, hold, form, yes=yes)
        elif stack is not None:
            failed = drilling.stack(built, names, stack, access, (longest, longest_end), form, strict=bool(alerts))
        else:
            found = tools(prometheus_binary, promtool, alertmanager_binary)
            failed = drilling.local(built, names, found, pace, form, strict=bool(alerts))
    if failed:
        ctx.exit(1)
