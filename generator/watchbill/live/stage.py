"""What a batch shows to Prometheus: history up to the brink, then an exposition that plays on, holds and heals."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.live.scenes import Act, Scene
    from watchbill.model import Labels

LEAD = 45.0
"""Seconds of the scene left to play live before it fires: every fast rule is evaluated once while all is silent."""
STATE_EVERY = 30.0
CLOSE, MOST = 30_000, 50_000
"""ms between samples of history that are close, and how many of them a series has at most."""
TARGET = ("instance", "job")
STATE = "ALERTS_FOR_STATE"


@dataclass
class Stage:
    """A batch of acts, each of which is to fire `lead` s after `begins`, Unix seconds."""

    acts: Sequence[Act]
    begins: float
    lead: float = LEAD
    healed: set[str] = field(default_factory=set)

    def heal(self, act: Act) -> None:
        """Let the act's alerts clear."""
        self.healed.add(act[0].scenario.name)

    def history(self) -> Iterator[str]:
        """Yield OpenMetrics lines that end when the stage begins."""
        for act in self.acts:
            yield from self._before(act[0])
            for scene in act:
                yield from self._pending(scene)
        yield "# EOF"

    def exposition(self, now: float) -> str:
        """Return what is to be scraped at a time, Unix seconds."""
        lines = []
        for scene, *_ in self.acts:
            shown = scene.shown(self._time(scene, now), healed=scene.scenario.name in self.healed)
            for name, labels, listed in scene.series:
                value = scene.value(listed, shown)
                if value is not None:
                    value += _lag(scene, name, value, now, shown)
                    lines.append(f"{_series(name, (*_bare(labels), *labels))} {_number(value)}\n")
        return "".join(lines)

    def fires(self) -> float:
        """Return when the alerts are due to fire, Unix seconds."""
        return self.begins + self.lead

    def _time(self, scene: Scene, now: float) -> int:
        """Return the scene's time, ms, at a time."""
        return scene.at + scene.held + round((now - self.fires()) * 1000)

    def _before(self, scene: Scene) -> Iterator[str]:
        """Yield the samples whose turn has come before the stage begins."""
        last = self._time(scene, self.begins)
        zero = self.fires() - (scene.at + scene.held) / 1000
        for name, labels, listed in scene.series:
            series = _series(name, labels)
            for time in range(0, last, _every(scene, last)):
                shown = scene.shown(time)
                value = scene.value(listed, shown)
                if value is not None:
                    at = zero + time / 1000
                    yield f"{series} {_number(value + _lag(scene, name, value, at, shown))} {at:.3f}"
        for one in scene.derived:
            yield from (
                f"{_series(one.name, one.labels)} {_number(value)} {zero + time / 1000:.3f}"
                for time, value in one.samples
                if time < last
            )

    def _pending(self, scene: Scene) -> Iterator[str]:
        """Yield since when the alert has been pending, as Prometheus remembers it across restarts."""
        if scene.alert.pending:
            since = self.fires() - scene.alert.pending / 1000
            count = math.floor((self.begins - since) / STATE_EVERY)
            for labels in scene.firing:
                state = _series(STATE, (("alertname", scene.alert.name), *labels))
                for i in range(count + 1):
                    yield f"{state} {since:.0f} {since + i * STATE_EVERY:.3f}"


def _every(scene: Scene, last: int) -> int:
    """Return how often, ms, history has a sample up to `last`.

    What is held live is scraped every few seconds. Recorded windows and gauges are as close in history: a median over
    both would else see the end only. Sums over tiles count them, so tiles stay as they are.
    """
    step = scene.scenario.step
    return min(step, max(CLOSE, last // MOST)) if scene.scenario.level == "windows" else step


def _lag(scene: Scene, name: str, value: float, at: float, shown: int) -> float:
    """Return what to add to a time of the scenario, so that it is as long ago at `at`; 0 means that there is none."""
    return at - shown / 1000 if value and name in scene.times else 0


def _bare(labels: Labels) -> Labels:
    """Return the target's labels that a series lacks, empty: with `honor_labels` they are then not added."""
    there = {name for name, _ in labels}
    return tuple((name, "") for name in TARGET if name not in there)


def _series(name: str, labels: Labels) -> str:
    inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels)
    return f"{name}{{{inside}}}" if inside else name


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return repr(value) if math.isfinite(value) else ("+Inf" if value > 0 else "-Inf")
