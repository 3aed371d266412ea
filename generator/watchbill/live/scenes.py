"""Scenes: for each alert the stretch of one of its scenarios that a live drill can play, up to its firing and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from watchbill.live import clocks
from watchbill.live.notation import samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.model import Alert, Fires, Labels, Plan, Scenario, Unit

LEVELS = ("windows", "raw", "tiles")
"""What is held still keeps its state at recorded windows and gauges; tiles go on to be summed up."""

HISTOGRAM = "{{"
NEAR = 2
"""Steps from a silent look to a firing one: over more of them nobody promised that it was silent all the while."""

Stepped: TypeAlias = "tuple[str, Labels, Sequence[float | None]]"
"""A series' name, labels and samples, one a step."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a rule recorded: samples at times of the scene, ms."""

    name: str
    labels: Labels
    samples: tuple[tuple[int, float], ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """One alert's scenario with the look at which it fires (`at`, ms) and one at which it is silent again (`clear`).

    A drill writes the scenario's samples up to shortly before `at` as history, plays on to `at`, holds it there until
    the alert has fired, and jumps to `clear`. `held`: for so long (ms) `at` is held in the history already, because the
    scenario looks less often than the alert's `for` takes. `natural`: it plays on instead, from input metrics, and
    `derived` is what the rules recorded of it. `calendar` is what rules that read the clock alone would have recorded
    in the scenario's time, one sample a step: its months and weeks are not those of the drill.
    """

    unit: Unit
    alert: Alert
    scenario: Scenario
    at: int
    clear: int | None
    firing: tuple[Labels, ...]
    silent_before: bool
    natural: bool = False
    derived: tuple[Recorded, ...] = ()
    calendar: tuple[Stepped, ...] = ()

    @property
    def held(self) -> int:
        """How long `at` has to be held until the alert fires."""
        return self.alert.pending if self.scenario.evaluation > self.alert.pending else 0

    @property
    def span(self) -> int:
        """How long, ms, the scenario takes from the look at which the alert fires to the one at which it is silent."""
        return 0 if self.clear is None else self.clear - self.at

    @property
    def grain(self) -> int:
        """How much earlier than at `at`, ms, it may fire: what was rehearsed was looked at once an evaluation."""
        groups = (g for file in self.unit.files for g in file.groups if self.alert in g.rules)
        return max(g.interval for g in groups) if self.natural else 0

    @cached_property
    def series(self) -> list[Stepped]:
        """The scenario's series and its calendar, sample by sample."""
        return [*((s.name, s.labels, samples(s.values)) for s in self.scenario.series), *self.calendar]

    @cached_property
    def times(self) -> frozenset[str]:
        """The series whose values are times: they are told as late or as early in the drill as in the scenario."""
        return clocks.times(self.unit, inputs=self.scenario.level == "raw")

    def shown(self, time: int, *, healed: bool = False) -> int:
        """Return the scenario's time that is shown at a time of the scene, ms."""
        if self.natural:
            return time
        return self.clear if healed and self.clear is not None else min(time, self.at)

    def value(self, listed: Sequence[float | None], shown: int) -> float | None:
        """Return what a series shows at a time of the scenario, ms; one that plays on ends as it is."""
        index = shown // self.scenario.step
        if self.natural:
            index = min(index, len(listed) - 1)
        return listed[index] if 0 <= index < len(listed) else None


Act = tuple[Scene, ...]
"""Scenes of one scenario, played together: one for each alert that it fires at the same look."""


def acts(plan: Plan, names: Iterable[str]) -> list[Act]:
    """Return an act for each alert that a scenario fires, and one for each unit in which several fire at once."""
    wanted = set(names)
    found: list[Act] = []
    for unit in plan.units:
        alerts = [alert for alert in unit.alerts() if alert.name in wanted]
        listed = [scenario for scenario in unit.scenarios if _playable(scenario)] if alerts else []
        candidates = {alert.name: list(_candidates(unit, alert, listed)) for alert in alerts}
        found += [(_healing(_best(mine)),) for mine in candidates.values() if mine]
        found += _crowded(candidates.values())
    return found


def through(plan: Plan, names: Iterable[str]) -> list[Scene]:
    """Return a scene for each unit that a scenario leads right through, from its input metrics to an alert."""
    wanted, found = set(names), []
    for unit in plan.units:
        reading = [rule for file in unit.files if file.reads_inputs for rule in file.records()]
        if not reading:
            continue
        alerts = [alert for alert in unit.alerts() if alert.name in wanted]
        listed = [s for s in (unit.scenarios if alerts else ()) if s.level == "raw" and _playable(s)]
        able = [scene for alert in alerts for scene in _candidates(unit, alert, listed)]
        found += [replace(one, natural=True, clear=None) for one in sorted(able, key=lambda s: s.at)[:1]]
    return found


def _playable(scenario: Scenario) -> bool:
    """Whether its series can be scraped as text: native histograms cannot."""
    return not any(HISTOGRAM in series.values for series in scenario.series)


def _crowded(candidates: Iterable[list[Scene]]) -> list[Act]:
    """Return the act in which the most alerts of a unit fire and clear at once: there it shows who keeps whom quiet."""
    together: dict[tuple[int, int, int | None], list[Scene]] = {}
    for mine in candidates:
        for scene in mine:  # by identity: scenarios of two groups may have one name
            together.setdefault((id(scene.scenario), scene.at, scene.clear), []).append(scene)
    most = max(together.values(), key=len, default=[])
    return [tuple(most)] if len(most) > 1 else []


def _best(candidates: Sequence[Scene]) -> Scene:
    """Return the scene to play: of the scenario that tells of this alert alone, or else first, what is soonest over."""
    first = min(candidates, key=_rank)
    return min((c for c in candidates if c.scenario is first.scenario), key=lambda c: (_rank(c), c.span))


def _healing(scene: Scene) -> Scene:
    """Return the scene with a silent look to jump to that shows all series, and something else.

    Fewer samples in a window end an alert as well, but not soon. What the calendar ends needs nothing else.
    """
    if clocks.calendar(scene.unit, [scene.alert]):
        return scene
    silent = sorted(f.at for f in scene.scenario.fires if f.alert == scene.alert.name and not f.firing)
    later, earlier = [at for at in silent if at > scene.at], [at for at in silent if at < scene.at]
    shown = _shown(scene, scene.at)

    def heals(at: int) -> bool:
        then = _shown(scene, at)
        return then != shown and all(b is not None for a, b in zip(shown, then, strict=True) if a is not None)

    return replace(scene, clear=next(filter(heals, (*later, *reversed(earlier))), scene.clear))


def _shown(scene: Scene, at: int) -> list[float | None]:
    return [scene.value(listed, at) for _, _, listed in scene.series]


def _rank(scene: Scene) -> tuple[bool, int, int]:
    others = {fires.alert for fires in scene.scenario.fires} - {scene.alert.name}
    return scene.clear is None, len(others), LEVELS.index(scene.scenario.level)


def _candidates(unit: Unit, alert: Alert, listed: Iterable[Scenario]) -> Iterator[Scene]:
    for scenario in listed:
        looks = sorted((f for f in scenario.fires if f.alert == alert.name), key=lambda f: f.at)
        runs = [list(run) for _, run in groupby(looks, key=lambda f: frozenset(f.firing))]
        for before, run, after in zip([None, *runs], runs, [*runs[1:], None], strict=False):
            first: Fires = run[0]
            if first.firing and (after is None or not after[0].firing):
                quiet = (
                    before is not None and not before[-1].firing and first.at - before[-1].at <= NEAR * scenario.step
                )
                silent = quiet and not alert.pending
                clear = after[0].at if after else None
                at = (
                    first.at if before is None or not before[-1].firing else run[-1].at
                )  # it fires already: nearer its end
                yield Scene(unit, alert, scenario, at, clear, first.firing, silent)
