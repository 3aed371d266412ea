"""The whole drill: all batches at once, looked after in turn."""

from __future__ import annotations

import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.errors import ToolError
from watchbill.live.batches import batches
from watchbill.live.local.batch import Batch
from watchbill.live.local.calendar import dated
from watchbill.live.local.rehearsal import rehearsed
from watchbill.live.local.servers import Tools
from watchbill.live.outcome import Outcome
from watchbill.live.scenes import acts, through
from watchbill.targets import runbooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from watchbill.live.scenes import Act
    from watchbill.model import Plan

PAUSE = 1.0
PACE = 30_000
WORKERS = 3
NO_SCENARIO = "no scenario fires it whose series can be scraped as text"


def tools(prometheus: str | None, promtool: str | None, alertmanager: str | None) -> Tools:
    """Return the programs, those on PATH where none is named. Raises ToolError that names every one that is missing."""
    asked = {
        "prometheus": (prometheus,) if prometheus else ("prometheus",),
        "promtool": (promtool,) if promtool else ("promtool",),
        "alertmanager": (alertmanager,) if alertmanager else ("prometheus-alertmanager", "alertmanager"),
    }
    found = {name: next(filter(None, map(shutil.which, tries)), None) for name, tries in asked.items()}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise ToolError(
            f"not found: {', '.join(missing)}. On Debian and Ubuntu `apt-get install prometheus "
            "prometheus-alertmanager`; or name them with --prometheus-binary, --promtool and --alertmanager-binary"
        )
    return Tools(**{name: str(Path(path).absolute()) for name, path in found.items() if path})


def local(plan: Plan, names: Sequence[str], found: Tools, pace: int = PACE) -> Iterator[Outcome]:
    """Yield outcomes as they come. Nothing is left behind, on an interrupt neither."""
    with tempfile.TemporaryDirectory(prefix="watchbill-drill-") as folder, ExitStack() as stack:
        yield from _Drill(plan, found, Path(folder), pace, stack).run(names)


class _Drill:
    """Starts batches, and rehearses what goes right through meanwhile: both take servers and time, hardly any CPU."""

    def __init__(self, plan: Plan, found: Tools, folder: Path, pace: int, stack: ExitStack) -> None:
        self._plan, self._tools, self._folder, self._pace, self._stack = plan, found, folder, pace, stack
        self._pages = frozenset(p for p, _ in runbooks.render(plan) if p.startswith(conventions.RUNBOOKS_SITE))
        self._pool = ThreadPoolExecutor(WORKERS)
        self._starting: list[Future[Batch]] = []
        self._count = 0

    def run(self, names: Sequence[str]) -> Iterator[Outcome]:
        played = acts(self._plan, names)
        able = {scene.alert.name for act in played for scene in act}
        yield from (Outcome(name, "", left_out=NO_SCENARIO) for name in names if name not in able)
        self._start(dated(played, self._tools, self._folder / "calendar"))
        scenes = through(self._plan, names)
        folders = [self._folder / f"rehearsal-{n}" for n in range(len(scenes))]
        rehearsals = [
            self._pool.submit(rehearsed, scene, at, self._tools) for scene, at in zip(scenes, folders, strict=True)
        ]
        running: list[Batch] = []
        while rehearsals or self._starting or any(not batch.over for batch in running):
            if rehearsals and all(one.done() for one in rehearsals):
                self._start([(one.result(),) for one in rehearsals])
                rehearsals = []
            running += [one.result() for one in self._starting if one.done()]
            self._starting = [one for one in self._starting if not one.done()]
            for batch in running:
                if not batch.over:
                    yield from batch.look()
            time.sleep(PAUSE)

    def _start(self, played: Sequence[Act]) -> None:
        for together in batches(self._plan, played):
            folder = self._folder / f"batch-{self._count}"
            self._count += 1
            batch = Batch(self._plan, together, self._tools, folder, self._pages, self._pace)
            self._stack.callback(batch.stop)
            self._starting.append(self._pool.submit(_started, batch))
        self._stack.callback(self._pool.shutdown, cancel_futures=True)  # last, so first: no batch starts once stopped


def _started(batch: Batch) -> Batch:
    batch.start()
    return batch
