"""The three ways to drill, as commands run them: ask, tell as outcomes come, and a table in the end."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from watchbill.cli.printing import table
from watchbill.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.live.http import Access
    from watchbill.live.local.servers import Tools
    from watchbill.live.outcome import Outcome
    from watchbill.live.routed import Answer
    from watchbill.live.shots import Shot
    from watchbill.model import Plan

ROUTE_HEAD = ("ALERT", "RECEIVER", "KEPT QUIET BY", "RESULT")
HEAD = ("ALERT", "INJECTED", "FIRED", "RECEIVED", "RESOLVED", "RECEIVER", "LINKS", "RESULT")
LINKS = {True: "ok", False: "dead", None: "-"}
HOSTS_DEFAULT = "the host's default"


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Take SIGTERM for ^C: whoever ends a drill leaves no server, no alert and no fault behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def routes(
    plan: Plan, names: Sequence[str], url: str, access: Access, rate: float, hold: float, form: str, *, yes: bool
) -> int:
    """Drill the routes of an Alertmanager; return how many alerts failed."""
    from watchbill.live.alertmanager import Alertmanager
    from watchbill.live.http import Site
    from watchbill.live.routed import RouteDrill
    from watchbill.live.shots import shots
    from watchbill.targets.routes.checks import quiet_rules

    found = shots(plan, names)
    server = Alertmanager(Site("Alertmanager", url, access))
    server.alerts()  # nobody is asked about what could not be done
    _announce(found, url, rate, yes=yes)
    answers = []
    for answer in RouteDrill(server, quiet_rules(plan), rate, hold).run(found):
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
        f'{len(found)} alert{"s" if len(found) > 1 else ""}, marked drill="true", for {url}; '
        f"they may notify: {', '.join(told)}. "
        f"About {max(1, round(minutes))} min at {rate:g} pushes a minute.",
        err=True,
    )
    if not yes and not click.confirm("Go on?", err=True):
        raise LiveError("nothing was pushed")


def _route_table(answers: Sequence[Answer]) -> str:
    rows = [(a.alert, ", ".join(a.receivers), a.quiet, "; ".join(a.problems) or "ok") for a in answers]
    return table(rows, ROUTE_HEAD)


def local(plan: Plan, names: Sequence[str], tools: Tools, pace: float, form: str, *, strict: bool) -> int:
    """Play the alerts' scenarios on this machine; return how many alerts failed. `strict`: what is left out fails."""
    from watchbill.live.local.drill import local as drill

    return _report(drill(plan, names, tools, round(pace * 1000)), names, form, strict=strict)


def stack(
    plan: Plan,
    names: Sequence[str],
    url: str,
    access: Access,
    longest: tuple[float, float],
    form: str,
    *,
    strict: bool,
) -> int:
    """Drill a stack by its faults; return how many alerts failed. `strict`: what is left out fails."""
    from watchbill.live.alertmanager import Alertmanager
    from watchbill.live.http import Site
    from watchbill.live.prometheus import Prometheus
    from watchbill.live.stack.control import Control
    from watchbill.live.stack.drill import StackDrill

    control = Control(Site("the control API", url, access))
    urls = control.urls()
    drill = StackDrill(
        plan,
        control,
        Prometheus(Site("Prometheus", urls["prometheus"])),
        Alertmanager(Site("Alertmanager", urls["alertmanager"])),
        urls.get("runbooks", ""),
        *longest,
    )
    return _report(drill.run(names), names, form, strict=strict)


def _report(outcomes: Iterable[Outcome], names: Sequence[str], form: str, *, strict: bool) -> int:
    found = []
    for outcome in outcomes:
        found.append(outcome)
        click.echo(f"{outcome.alert}: {_result(outcome)}", err=True)
    found.sort(key=lambda one: (names.index(one.alert), one.part))
    rows = [
        (
            one.alert,
            one.injected,
            _seconds(one.fired_after),
            _seconds(one.received_after),
            _seconds(one.resolved_after),
            ", ".join(one.receivers),
            LINKS[one.links_ok],
            _result(one),
        )
        for one in found
    ]
    click.echo(json.dumps([asdict(one) for one in found], indent=1) if form == "json" else table(rows, HEAD))
    out = sum(bool(one.left_out) for one in found)
    failed = sum(bool(one.problems) for one in found) + (out if strict else 0)
    drilled = {one.alert for one in found if not one.left_out}
    click.echo(f"{len(drilled)} alerts drilled, {out} left out, {failed} failures", err=True)
    return failed


def _result(one: Outcome) -> str:
    if one.left_out:
        return f"left out: {one.left_out}"
    said = "; ".join(one.problems) or (f"ok, kept quiet by {one.quiet}" if one.quiet else "ok")
    return f"{said}; {one.note}" if one.note else said


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"
