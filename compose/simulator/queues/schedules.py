"""The platform's scheduler: puts jobs in when cron expressions say, and tells of it by the queue exporter's names."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from watchbill import cron

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from compose.simulator.queues.conduct import Conduct

ZONE = ZoneInfo("Europe/Berlin")
SCHEDULES = {"nightly-evals": ("0 2 * * *", 400), "inbox-poll": ("*/15 * * * *", 20)}
"""When, and how many jobs: as the reference spec has them."""
HEADS = (
    ("queue_schedule_last_fired_timestamp_seconds", "gauge", "When a schedule last fired."),
    ("queue_schedule_next_due_timestamp_seconds", "gauge", "When a schedule has to fire next."),
    ("queue_schedule_missed_total", "counter", "Times a schedule was due and did not fire."),
)


def around(expression: str, at: float) -> tuple[float, float]:
    """Return the last time it was due, and the next one; Unix seconds."""
    day = datetime.fromtimestamp(at, UTC).date()
    days = (day + timedelta(days=n) for n in range(-2, 4))
    due = [ms / 1000 for one in days for ms in cron.firings(cron.parse(expression), one, ZONE)]
    return max(t for t in due if t <= at), min(t for t in due if t > at)


@dataclass
class Schedule:
    """One of them. What was due before the platform began has fired."""

    name: str
    expression: str
    jobs: int
    began: float
    missed: int = 0
    last: float = field(init=False)
    due: float = field(init=False)

    def __post_init__(self) -> None:
        self.last, self.due = around(self.expression, self.began)

    def take(self, now: float, *, fires: bool) -> int:
        """Return how many jobs are to be put in now."""
        if now < self.due:
            return 0
        _, self.due = around(self.expression, now)
        if not fires:
            self.missed += 1
            return 0
        self.last = now
        return self.jobs


class Scheduler:
    """All schedules, looked at once a second."""

    def __init__(self, conduct: Conduct) -> None:
        self._conduct = conduct
        self._all = [Schedule(name, when, jobs, time.time()) for name, (when, jobs) in SCHEDULES.items()]

    async def keep(self, put: Callable[[], Awaitable[None]]) -> None:
        while True:
            for schedule in self._all:
                for _ in range(schedule.take(time.time(), fires=self._conduct.schedules)):
                    await put()
            await asyncio.sleep(1)

    def page(self) -> str:
        values: Sequence[Callable[[Schedule], float]] = (lambda s: s.last, lambda s: s.due, lambda s: s.missed)
        parts = []
        for (name, kind, about), value in zip(HEADS, values, strict=True):
            parts.append(f"# HELP {name} {about}\n# TYPE {name} {kind}\n")
            parts += [f'{name}{{schedule="{one.name}"}} {value(one):.3f}\n' for one in self._all]
        return "".join(parts)
