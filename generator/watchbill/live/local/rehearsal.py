"""What rules would have recorded of a scene from its input metrics: evaluated level by level over a past of its own.

The past tells when the alert fires to the step, so that the live play can begin just before.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from watchbill.errors import LiveError
from watchbill.live.local.process import free_port, running
from watchbill.live.local.servers import prometheus, remember
from watchbill.live.prometheus import Prometheus
from watchbill.live.scenes import Recorded
from watchbill.live.stage import Stage
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from watchbill.live.local.servers import Tools
    from watchbill.live.scenes import Act, Scene
    from watchbill.model import RuleGroup

WORKERS = 2


def rehearsed(scenes: Sequence[Scene], tools: Tools, folder: Path) -> list[Act]:
    """Return the scenes with what their rules record until they fire, and the time at which they do."""
    folders = [folder / f"rehearsal-{n}" for n in range(len(scenes))]
    with ThreadPoolExecutor(WORKERS) as pool:
        return [(scene,) for scene in pool.map(partial(_rehearsed, tools=tools), scenes, folders)]


def _rehearsed(scene: Scene, folder: Path, tools: Tools) -> Scene:
    folder.mkdir()
    (folder / "prometheus.yml").write_text(json.dumps({}), encoding="utf-8")
    ended = float(round(time.time()))
    begun = ended - scene.at / 1000
    remember(tools, folder, Stage([(scene,)], ended, lead=0).history())
    found: tuple[Recorded, ...] = ()
    groups = [group for file in scene.unit.files for group in file.groups]
    levels = [group for group in groups if any(isinstance(rule, RecordingRule) for rule in group.rules)]
    for n, group in enumerate(levels):
        with _serving(folder, tools) as server:
            recorded = tuple(_recorded(group, server, begun, ended))
        found += recorded
        only = replace(scene, scenario=replace(scene.scenario, series=()), derived=recorded)
        remember(tools, folder, Stage([(only,)], ended, lead=0).history(), f"level-{n}")
    [watching] = [group for group in groups if scene.alert in group.rules]
    with _serving(folder, tools) as server:
        return replace(scene, at=_fires(scene, watching, server, begun, ended), derived=found)


@contextmanager
def _serving(folder: Path, tools: Tools) -> Iterator[Prometheus]:
    port = free_port()
    with running("prometheus", prometheus(tools, port), folder, port) as site:
        yield Prometheus(site)


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
