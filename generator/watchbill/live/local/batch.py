"""One batch, from its history to the last alert that is resolved."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from watchbill.durations import MINUTE
from watchbill.live import playing
from watchbill.live.alertmanager import Alertmanager
from watchbill.live.local import config, web
from watchbill.live.local.process import free_port, running
from watchbill.live.local.servers import prometheus, remember
from watchbill.live.outcome import Outcome, Part, page, unfilled
from watchbill.live.prometheus import Prometheus
from watchbill.live.stage import Stage
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import expected, quiet_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from watchbill.live.local.servers import Tools
    from watchbill.live.local.web import Message
    from watchbill.live.scenes import Act, Scene
    from watchbill.model import Plan

SLACK = 90.0
"""Seconds that scrapes, evaluations and notifications may take beyond what the plan says, on a busy machine."""
EARLY = 5.0
NEVER_CLEARS = "no scenario tells of its end"
LED_THROUGH = "led right through: its end is not awaited"
LONGEST_CLEAR = 15 * MINUTE
"""What scenarios take longer to clear than this, they take to hold a state that a drill may end."""


@dataclass
class Playing:
    """One scene and what has come of it so far."""

    scene: Scene
    act: Act
    outcome: Outcome
    arrived: bool = False
    healed_at: float = 0.0
    over: bool = False
    sets: list[dict[str, str]] = field(default_factory=list)


class Batch:
    """Acts on a Prometheus, an Alertmanager and a webhook of their own: `start`, `look` until it is `over`, `stop`."""

    def __init__(
        self, plan: Plan, acts: Sequence[Act], tools: Tools, folder: Path, pages: frozenset[str], pace: int
    ) -> None:
        self._plan, self._tools, self._folder, self._pages, self._pace = plan, tools, folder, pages, pace
        self._acts, self._rules = acts, quiet_rules(plan)
        self.playing = [
            Playing(
                s,
                act,
                Outcome(s.alert.name, s.scenario.name, _part(act)),
                sets=[_labels(s, labels) for labels in s.firing],
            )
            for act in acts
            for s in act
        ]
        self._stack = ExitStack()
        self._seen: set[str] = set()

    def start(self) -> None:
        """Write the history, start the servers. Call `stop` in the end, whatever happens."""
        folder = self._folder
        (folder / "rules").mkdir(parents=True)
        for name, text in playing.files(self._acts, self._pace).items():
            (folder / "rules" / name).write_text(text, encoding="utf-8")
        self._web = self._stack.enter_context(web.serving())
        ports = free_port(), free_port()
        (folder / "alertmanager.yml").write_text(config.alertmanager(self._plan, self._web), encoding="utf-8")
        (folder / "prometheus.yml").write_text(config.prometheus(self._web, ports[1]), encoding="utf-8")
        told = running("alertmanager", self._alertmanager(ports[1]), folder, ports[1])
        self._alerts = Alertmanager(self._stack.enter_context(told))
        self._stage = Stage(self._acts, time.time())
        self._remember()
        self._web.stage = self._stage
        self._server = Prometheus(
            self._stack.enter_context(running("prometheus", prometheus(self._tools, ports[0]), folder, ports[0]))
        )

    def stop(self) -> None:
        """End the servers."""
        self._stack.close()

    def _remember(self) -> None:
        remember(self._tools, self._folder, self._stage.history())

    def _alertmanager(self, port: int) -> list[str]:
        flags = [f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]
        return [self._tools.alertmanager, "--config.file=alertmanager.yml", "--storage.path=alertmanager", *flags]

    @property
    def over(self) -> bool:
        """Whether every scene of every act has come to its end."""
        return all(one.over for one in self.playing)

    def look(self) -> Iterator[Outcome]:
        """See what has happened since, and yield the outcomes that are final now."""
        now = time.time()
        active = [a for a in self._server.alerts() if a.firing]
        self._seen |= {a.labels["alertname"] for a in active}
        for one in self.playing:
            if not one.over:
                self._advance(one, now, [a.labels for a in active])
                if one.over:
                    yield self._final(one)

    def _advance(self, one: Playing, now: float, firing: list[dict[str, str]]) -> None:
        due = self._stage.fires()
        out = one.outcome
        if out.fired_after is None:
            mine = [labels for labels in firing if labels["alertname"] == out.alert]
            if all(labels in mine for labels in one.sets):
                one.outcome = replace(out, fired_after=now - due)
            elif now > due + 4 * self._pace / 1000 + SLACK:
                self._end(one, f"does not fire as it should: {mine or 'nothing'} instead of {one.sets}")
        elif not one.arrived:
            self._arrive(one, now, firing)
        elif one.healed_at:
            self._clear(one, now, firing)
        elif all(other.arrived or other.over for other in self._beside(one)):
            self._stage.heal(one.act)
            one.healed_at = now
            if one.scene.clear is None:
                one.outcome = replace(one.outcome, note=LED_THROUGH if one.scene.natural else NEVER_CLEARS)
                one.over = True

    def _arrive(self, one: Playing, now: float, firing: list[dict[str, str]]) -> None:
        """See that it reaches its receiver; or, where others of its act keep it quiet, that they do."""
        if any(other.outcome.fired_after is None and not other.over for other in self._beside(one)):
            return
        late = now > self._stage.fires() + max(o.outcome.fired_after or 0 for o in self._beside(one)) + SLACK
        loud = [labels for labels in firing if quieted_by(self._rules, labels, one.sets[0])]
        came = [self._message(labels, firing=True) for labels in one.sets]
        if loud and (quiet := self._hushed(one, loud)):
            one.outcome = replace(one.outcome, quiet=quiet)
            one.arrived = True
        elif not loud and all(came):
            one.outcome = self._received(one, [m for m in came if m])
            one.arrived = True
        elif late and loud:
            self._end(one, f"is not kept quiet by {loud[0]['alertname']}, which fires")
        elif late:
            self._end(one, f"fires and reaches nobody; {self._why(one)}")

    def _clear(self, one: Playing, now: float, firing: list[dict[str, str]]) -> None:
        """See that its end reaches its receiver; one that was kept quiet only has to end."""
        ends = [m.at for labels in one.sets if (m := self._message(labels, firing=False))]
        if one.outcome.quiet and not any(labels in firing for labels in one.sets):
            ends = [now] * len(one.sets)
        if len(ends) == len(one.sets):
            one.outcome = replace(one.outcome, resolved_after=max(ends) - self._stage.fires())
            one.over = True
        elif now > one.healed_at + self._patience(one.scene):
            self._end(one, "is not resolved once it is healed")

    def _beside(self, one: Playing) -> list[Playing]:
        return [other for other in self.playing if other.act is one.act]

    def _hushed(self, one: Playing, loud: list[dict[str, str]]) -> str:
        """Return the alert that keeps it quiet, if Alertmanager says so of all its label sets and the plan does too."""
        held = self._alerts.alerts()
        by = {h.fingerprint: h.labels for h in held}
        mine = [h for h in held if h.labels in one.sets]
        sources = [by[f]["alertname"] for h in mine for f in h.inhibited_by if by.get(f) in loud]
        return sources[0] if len(mine) == len(one.sets) == len(sources) else ""

    def _patience(self, scene: Scene) -> float:
        natural = max(min(scene.span, LONGEST_CLEAR), playing.kept(scene.alert))
        return (natural + 4 * self._pace) / 1000 + SLACK

    def _end(self, one: Playing, problem: str) -> None:
        one.outcome = replace(one.outcome, problems=(*one.outcome.problems, problem))
        one.over = True

    def _message(self, labels: dict[str, str], *, firing: bool) -> Message | None:
        return next((m for m in self._web.messages if m.firing is firing and m.labels == labels), None)

    def _received(self, one: Playing, came: list[Message]) -> Outcome:
        problems = list(one.outcome.problems)
        wanted = expected(self._plan, one.sets[0]) if self._plan.routing.receivers else None
        receivers = tuple(sorted({m.receiver for m in self._web.messages if m.firing and m.labels in one.sets}))
        if wanted is not None and receivers != (wanted,):
            problems.append(f"reaches {', '.join(receivers)}, not {wanted}")
        for message in came:
            problems += unfilled(message.annotations)
        early = EARLY + one.scene.grain / 1000
        if one.outcome.fired_after is not None and one.outcome.fired_after < -early and one.scene.silent_before:
            problems.append("fires before its scenario lets it")
        pages = tuple(dict.fromkeys(page(m.annotations) for m in came if page(m.annotations)))
        missing = [f"its runbook page {path} is not in the bundle" for path in pages if path not in self._pages]
        received = max(m.at for m in came) - self._stage.fires()
        seen = one.outcome.fired_after  # by a look that may be late: what was told had fired
        return replace(
            one.outcome,
            fired_after=received if seen is None else min(seen, received),
            received_after=received,
            receivers=receivers,
            links=pages,
            links_ok=not missing if pages else None,
            problems=(*problems, *missing),
        )

    def _why(self, one: Playing) -> str:
        held = [a for a in self._alerts.alerts() if a.labels in one.sets]
        if not held:
            return "Alertmanager does not hold it"
        quiet = sorted({fingerprint for a in held for fingerprint in a.inhibited_by})
        return f"it is kept quiet by {quiet}" if quiet else f"Alertmanager holds it for {held[0].receivers}"

    def _final(self, one: Playing) -> Outcome:
        mine = {alert.name for alert in one.scene.unit.alerts()} - {scene.alert.name for scene in one.act}
        groups = {group.name for file in one.scene.unit.files for group in file.groups}
        broken = tuple(f"a rule does not evaluate: {said}" for said in self._server.broken(groups))
        also = tuple(sorted(mine & self._seen))
        return replace(one.outcome, also_fired=also, problems=(*one.outcome.problems, *broken))


def _part(act: Act) -> str:
    if act[0].natural:
        return Part.THROUGH
    return Part.ALONE if len(act) == 1 else Part.TOGETHER


def _labels(scene: Scene, labels: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {"alertname": scene.alert.name, **dict(labels)}
