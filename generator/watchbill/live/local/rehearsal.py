"""What rules would have recorded of a scene from its input metrics: evaluated level by level over a past of its own.

The past tells when the alert fires to the step, so that the live play can begin just before.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill.errors import LiveError
from watchbill.live.local.servers import remember
from watchbill.live.local.serving import serving
from watchbill.live.scenes import Recorded
from watchbill.live.stage import Stage
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.live.local.servers import Tools
    from watchbill.live.prometheus import Prometheus
    from watchbill.live.scenes import Scene
    from watchbill.model import RuleGroup


def rehearsed(scene: Scene, folder: Path, tools: Tools) -> Scene:
    """Return the scene with what its rules record until it fires, and the time at which it does."""
    folder.mkdir()
    ended = float(round(time.time()))
    begun = ended - scene.at / 1000
    remember(tools, folder, Stage([(scene,)], ended, lead=0).history())
    found: tuple[Recorded, ...] = ()
    groups = [group for file in scene.unit.files for group in file.groups]
    levels = [group for group in groups if any(isinstance(rule, RecordingRule) for rule in group.rules)]
    for n, group in enumerate(levels):
        with serving(folder, tools) as server:
            recorded = tuple(_recorded(group, server, begun, ended))
        found += recorded
        only = replace(scene, scenario=replace(scene.scenario, series=()), derived=recorded)
        remember(tools, folder, Stage([(only,)], ended, lead=0).history(), f"level-{n}")
    [watching] = [group for group in groups if scene.alert in group.rules]
    with serving(folder, tools) as server:
        return replace(scene, at=_fires(scene, watching, server, begun, ended), derived=found)


def _recorded(group: RuleGroup, server: Prometheus, begun: float, ended: float) -> list[Recorded]:
    out = []
    for rule in group.rules:
        if isinstance(rule, RecordingRule):
            for labels, listed in server.over_time(rule.expr, begun, ended, group.interval / 1000):
                own = {**{k: v for k, v in labels.items() if k != "__name__"}, **dict(rule.labels)}
                samples = tuple((round((at - begun) * 1000), value) for at, value in listed)
                out.append(Recorded(rule.record, tuple(sorted(own.items())), samples))
    return out


def _fires(scene: Scene, group: RuleGroup, server: Prometheus, begun: float, ended: float) -> int:
    """Return the scene's time, ms, at which the alert fires first."""
    rows = server.over_time(scene.alert.expr, begun, ended, group.interval / 1000)
    times = [at for _, listed in rows for at, _ in listed]
    if not times:
        raise LiveError(f"{scene.alert.name} does not fire on its own scenario: {scene.scenario.name}")
    return round((min(times) - begun) * 1000) + scene.alert.pending
