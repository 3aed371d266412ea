"""The drill of a stack, round by round: break, await, look closely, mend, await again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from watchbill.errors import LiveError
from watchbill.live.clock import Clock
from watchbill.live.outcome import Outcome, unfilled
from watchbill.live.stack import links, timing
from watchbill.live.stack.rounds import Aim, aims, rounds
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import expected, quiet_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.live.alertmanager import Alertmanager
    from watchbill.live.prometheus import Prometheus
    from watchbill.live.stack.control import Control, Received
    from watchbill.model import Alert, Plan, Unit

PAUSE = 1.0
NO_FAULT = "no fault of the stack fires it"


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that an alert takes at least, may take at most, and its end may take."""

    least: float
    receive: float
    resolve: float


@dataclass
class Awaited:
    """One alert that is awaited in a round."""

    unit: Unit
    alert: Alert
    fault: str
    waits: Waits
    outcome: Outcome
    labels: dict[str, str] = field(default_factory=dict)


@dataclass
class StackDrill:
    """Drills what the faults of a stack can fire.

    `longest`: for so long, s, an alert is awaited. One that has not come by then and may take longer is left out.
    `longest_end`: the same of its end, which is then noted.
    """

    plan: Plan
    control: Control
    prometheus: Prometheus
    alertmanager: Alertmanager
    runbooks: str
    longest: float
    longest_end: float
    clock: Clock = field(default_factory=Clock)

    def run(self, names: Sequence[str]) -> Iterator[Outcome]:
        """Yield an outcome for each alert. Whatever happens, every fault is switched off again."""
        faults = self.control.faults()
        fireable = {name for fault in faults for name in fault.alerts}
        waits = self._waits(names)
        for name in names:
            if name not in fireable:
                yield Outcome(name, "", left_out=NO_FAULT)
            elif waits[name].least > self.longest:
                yield Outcome(name, "", left_out=_too_long(waits[name]))
        able = [n for n in names if n in fireable and waits[n].least <= self.longest]
        left = rounds(self.plan, aims(faults, able))
        while left:
            again: list[Aim] = []
            yield from self._round(left.pop(0), waits, again)
            left += [[aim] for aim in again]

    def _waits(self, names: Sequence[str]) -> dict[str, Waits]:
        found = {}
        for unit in self.plan.units:
            mine = [alert for alert in unit.alerts() if alert.name in names]
            listed = unit.scenarios if mine else ()
            for alert in mine:
                receive = timing.to_receive(self.plan, unit, alert, listed)
                resolve = timing.to_resolve(self.plan, unit, alert, listed)
                found[alert.name] = Waits(timing.at_least(self.plan, alert) / 1000, receive / 1000, resolve / 1000)
        return found

    def _round(self, together: Sequence[Aim], waits: dict[str, Waits], again: list[Aim]) -> Iterator[Outcome]:
        """Yield what comes of the faults. What did not fire while others were on is to be tried again, alone."""
        units = {alert.name: (unit, alert) for unit in self.plan.units for alert in unit.alerts()}
        waiting = [
            Awaited(*units[name], aim.fault.name, waits[name], Outcome(name, aim.fault.name))
            for aim in together
            for name in aim.alerts
        ]
        begun = self.clock.now()
        on: list[str] = []
        try:
            for aim in together:
                on.append(aim.fault.name)  # first: an interrupted request may have arrived
                self.control.switch(aim.fault.name, on=True)
            self._await(waiting, begun)
        finally:
            self._mend(on)
        if len(together) > 1:
            missed = {one.alert.name for one in waiting if one.outcome.fired_after is None}
            again += [Aim(aim.fault, mine) for aim in together if (mine := tuple(n for n in aim.alerts if n in missed))]
            waiting = [one for one in waiting if one.alert.name not in missed]
        yield from self._await_end(waiting, begun)

    def _mend(self, on: Sequence[str]) -> None:
        failed = []
        for name in on:
            try:
                self.control.switch(name, on=False)
            except LiveError as exc:
                failed.append(f"could not switch off {name}: {exc}")
        if failed:
            raise LiveError("\n".join(failed))

    def _await(self, waiting: Sequence[Awaited], begun: float) -> None:
        """Look until each has come, is kept quiet as the plan says, or is late."""
        left = list(waiting)
        while left:
            now = self.clock.now() - begun
            firing = [a.labels for a in self.prometheus.alerts() if a.firing]
            got = self.control.received(begun)
            for one in list(left):
                mine = [labels for labels in firing if labels.get("alertname") == one.alert.name]
                if mine and one.outcome.fired_after is None:
                    one.outcome = replace(one.outcome, fired_after=now)
                came = [r for r in got if r.firing and r.labels.get("alertname") == one.alert.name]
                if came:
                    self._arrived(one, came, begun)
                elif mine and (source := self._quieted(mine)):
                    one.outcome = replace(one.outcome, quiet=source)
                elif now > one.waits.receive:
                    where = "fires and reaches nobody" if mine else "does not fire"
                    self._problem(one, f"{where} within {one.waits.receive:.0f} s")
                elif now > self.longest and not mine:  # what fires already is on its way
                    one.outcome = replace(one.outcome, left_out=_too_long(one.waits))
                else:
                    continue
                left.remove(one)
            if left:
                self.clock.sleep(PAUSE)

    def _arrived(self, one: Awaited, came: Sequence[Received], begun: float) -> None:
        first = came[0]
        received = first.at - begun
        seen = one.outcome.fired_after  # by a look that may be late: what was told had fired
        one.labels = first.labels
        one.outcome = replace(
            one.outcome,
            fired_after=received if seen is None else min(seen, received),
            received_after=received,
            receivers=tuple(sorted({r.receiver for r in came})),
            links=tuple(
                first.annotations[name] for name in ("runbook_url", "dashboard_url") if name in first.annotations
            ),
        )
        dead = [
            *links.runbook(one.alert, first.annotations, self.runbooks),
            *links.dashboard(self.plan, one.alert, self.prometheus),
        ]
        one.outcome = replace(one.outcome, links_ok=not dead)
        self._problem(one, *self._wrong(one, first), *unfilled(first.annotations), *dead)

    def _wrong(self, one: Awaited, first: Received) -> Iterator[str]:
        own = {name: value.replace('{{ "{{" }}', "{{") for name, value in one.alert.labels}
        for name, value in own.items():
            if first.labels.get(name) != value:
                yield f"its label {name} is '{first.labels.get(name, '')}', not '{value}'"
        for name in one.alert.page.group_labels:
            if not first.labels.get(name):
                yield f"it has no label {name}"
        to = expected(self.plan, first.labels) if self.plan.routing.receivers else None
        keys = {r.name: r.key for r in self.plan.routing.receivers}
        if to is not None and not set(one.outcome.receivers) <= {to, keys[to]}:
            yield f"reaches {', '.join(one.outcome.receivers)}, not {to}"

    def _quieted(self, mine: Sequence[dict[str, str]]) -> str:
        """Return which alert keeps all of these quiet, if Alertmanager says so and the plan does too."""
        held = self.alertmanager.alerts()
        by = {h.fingerprint: h.labels for h in held}
        rules = quiet_rules(self.plan)
        sources = [
            next((by[f]["alertname"] for f in h.inhibited_by if f in by and quieted_by(rules, by[f], h.labels)), "")
            for h in held
            if h.labels in mine
        ]
        return sources[0] if sources and all(sources) else ""

    def _await_end(self, waiting: Sequence[Awaited], begun: float) -> Iterator[Outcome]:
        """Yield each once its end has come to the receiver, or is late; one kept quiet once it fires no more."""
        mended = self.clock.now()
        left = [one for one in waiting if one.outcome.received_after is not None or one.outcome.quiet]
        yield from (one.outcome for one in waiting if one not in left)
        while left:
            now = self.clock.now()
            got = self.control.received(begun)
            firing = {a.labels.get("alertname") for a in self.prometheus.alerts()}
            for one in list(left):
                ended = [r.at for r in got if not r.firing and r.labels == one.labels]
                if ended or (one.outcome.quiet and one.alert.name not in firing):
                    one.outcome = replace(one.outcome, resolved_after=max(ended, default=now) - begun)
                elif now > mended + one.waits.resolve:
                    self._problem(one, f"is not resolved within {one.waits.resolve:.0f} s")
                elif now > mended + self.longest_end:
                    more = f"its end was not awaited: it may take {one.waits.resolve / 60:.0f} min"
                    one.outcome = replace(one.outcome, note=more)
                else:
                    continue
                left.remove(one)
                yield one.outcome
            if left:
                self.clock.sleep(PAUSE)

    def _problem(self, one: Awaited, *problems: str) -> None:
        one.outcome = replace(one.outcome, problems=(*one.outcome.problems, *problems))


def _too_long(waits: Waits) -> str:
    return f"may take {waits.receive / 60:.0f} min, more than --longest: drill it with --local"
