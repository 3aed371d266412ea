"""The route-only drill: push, see that it is received, routed and kept quiet as the plan says, and resolve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from watchbill.errors import LiveError
from watchbill.live.alertmanager import Told
from watchbill.live.clock import Clock
from watchbill.live.shots import DRILL
from watchbill.routetree import Matcher, quieted_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from watchbill.live.alertmanager import Alertmanager, Held, Labels
    from watchbill.live.shots import Shot
    from watchbill.routetree import Quiet

MARKED = Matcher(DRILL[0], "=", DRILL[1])
SAFETY = 300.0
"""Seconds after which a pushed alert ends by itself, should the drill be killed."""
PATIENCE = 15.0
PAUSE = 0.1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one shot; without problems all is as the plan says. `quiet`: the alert that kept it quiet."""

    alert: str
    receivers: tuple[str, ...]
    quiet: str
    problems: tuple[str, ...]


@dataclass
class RouteDrill:
    """Drills the routes of one Alertmanager, with at most `rate` pushes a minute; each alert stays for `hold` s."""

    alertmanager: Alertmanager
    rules: tuple[Quiet, ...]
    rate: float = 30.0
    hold: float = 0.0
    clock: Clock = field(default_factory=Clock)
    _next: float = field(default=0.0, init=False)
    _pushed: list[tuple[Labels, Labels, float]] = field(default_factory=list, init=False)

    def run(self, shots: Sequence[Shot]) -> Iterator[Answer]:
        """Yield an answer for each shot. Whatever happens, all that was pushed is resolved."""
        try:
            for shot in shots:
                answer = self._one(shot)
                left = self._resolve()
                yield Answer(answer.alert, answer.receivers, answer.quiet, (*answer.problems, *left))
        finally:
            self._resolve()

    def _one(self, shot: Shot) -> Answer:
        others = self._others(shot)
        self._push(shot.labels, shot.annotations)
        held = self._wait(lambda: self._find(shot.labels))
        if held is None:
            return Answer(shot.alert, (), "", (f"was not received within {PATIENCE:g} s",))
        problems = [*self._misrouted(shot, held), *self._silenced(held)]
        if self.hold:
            self.clock.sleep(self.hold)  # before what keeps it quiet is pushed
        loud = [other for other in others if quieted_by(self.rules, other.labels, shot.labels)]
        quiet = ""
        if loud:
            quiet = loud[0].labels["alertname"]
            if not held.inhibited_by:
                problems.append(f"is not kept quiet by {quiet}, which is firing")
        elif held.inhibited_by:
            problems.append(f"is kept quiet by {self._named(held)}, which the plan does not say")
        elif shot.source is not None:
            quiet = shot.source["alertname"]
            problems += self._hushed(shot, shot.source)
        return Answer(shot.alert, held.receivers, quiet, tuple(problems))

    def _misrouted(self, shot: Shot, held: Held) -> Iterator[str]:
        if shot.receiver is not None and held.receivers != (shot.receiver,):
            yield f"goes to {_names(held.receivers)}, not to {shot.receiver}"
        grouped = self._wait(lambda: self.alertmanager.groups(MARKED).get(held.fingerprint))
        if grouped is None:
            yield "is in no group that would be sent to anybody"
        elif grouped != set(held.receivers):
            yield f"waits in groups of {_names(sorted(grouped))}, though its receivers are {_names(held.receivers)}"

    def _hushed(self, shot: Shot, source: Labels) -> Iterator[str]:
        """Push what should keep it quiet, and look."""
        self._push(source, shot.annotations)
        if not self._wait(lambda: (found := self._find(shot.labels)) and found.inhibited_by):
            yield f"is not kept quiet by {source['alertname']}"

    def _silenced(self, held: Held) -> Iterator[str]:
        if held.silenced_by:
            yield f"is silenced by {', '.join(held.silenced_by)}: nobody would be told"

    def _others(self, shot: Shot) -> list[Held]:
        return [other for other in self.alertmanager.alerts() if other.labels != shot.labels]

    def _named(self, held: Held) -> str:
        by = {other.fingerprint: other.labels.get("alertname", "?") for other in self.alertmanager.alerts()}
        return ", ".join(by.get(fingerprint, "another alert") for fingerprint in held.inhibited_by)

    def _find(self, labels: Labels) -> Held | None:
        mine = self.alertmanager.alerts(MARKED, Matcher("alertname", "=", labels["alertname"]))
        return next((held for held in mine if held.labels == labels), None)

    def _push(self, labels: Labels, annotations: Labels) -> None:
        now = self.clock.now()
        if now < self._next:
            self.clock.sleep(self._next - now)
        now = self.clock.now()
        self._next = now + 60 / self.rate
        self._pushed.append((labels, annotations, now))  # first: an interrupted request may have arrived
        self.alertmanager.tell([Told(labels, annotations, now, now + self.hold + SAFETY)])

    def _resolve(self) -> tuple[str, ...]:
        """End all that was pushed; return what would not go."""
        if not self._pushed:
            return ()
        now = self.clock.now()
        gone = [labels for labels, _, _ in self._pushed]
        try:
            self.alertmanager.tell([Told(labels, said, begun, now) for labels, said, begun in self._pushed])
        except LiveError as exc:
            names = ", ".join(labels["alertname"] for labels in gone)
            raise LiveError(f"{exc}\nnot resolved: {names}; they end by themselves within {SAFETY:g} s") from exc
        self._pushed.clear()
        if not self._wait(lambda: not [h for h in self.alertmanager.alerts(MARKED) if h.labels in gone]):
            return (f"was still active {PATIENCE:g} s after it was resolved",)
        return ()

    def _wait(self, ask: Callable[[], T]) -> T | None:
        """Ask until there is something; None when patience is over."""
        until = self.clock.now() + PATIENCE
        while not (found := ask()):
            if self.clock.now() > until:
                return None
            self.clock.sleep(PAUSE)
        return found


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or "nobody"
