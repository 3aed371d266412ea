"""The whole drill: all batches at once, looked after in turn."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.errors import ToolError
from watchbill.live.batches import batches
from watchbill.live.local.batch import Batch
from watchbill.live.local.rehearsal import rehearsed
from watchbill.live.local.servers import Tools
from watchbill.live.scenes import acts, through
from watchbill.targets import runbooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.live.outcome import Outcome
    from watchbill.model import Plan

PAUSE = 1.0
PACE = 30_000


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
    pages = frozenset(p for p, _ in runbooks.render(plan) if p.startswith(conventions.RUNBOOKS_SITE))
    with tempfile.TemporaryDirectory(prefix="watchbill-drill-") as folder, ExitStack() as stack:
        running = []
        played = [*acts(plan, names), *rehearsed(through(plan, names), found, Path(folder))]
        for n, together in enumerate(batches(plan, played)):
            batch = Batch(plan, together, found, Path(folder) / f"batch-{n}", pages, pace)
            stack.callback(batch.stop)
            batch.start()
            running.append(batch)
        while not all(batch.over for batch in running):
            for batch in running:
                if not batch.over:
                    yield from batch.look()
            time.sleep(PAUSE)
