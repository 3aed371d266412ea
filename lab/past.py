"""Hours of counters that were scraped before any rule ran, and what was counted when."""

from dataclasses import dataclass, field

from lab.bench import COUNTER
from lab.history import Sample
from lab.lives import seeded
from lab.truth import Count

STEP = 15.0
HOUR = 3600.0
JOB = "past"


@dataclass(frozen=True)
class Increment:
    """What a scrape was the first to see."""

    at: float
    events: int
    errors: int


@dataclass
class Past:
    """Two processes: one is away for ten minutes, the other starts again once; errors begin after an hour."""

    begin: float
    end: float
    samples: list[Sample] = field(default_factory=list)
    increments: list[Increment] = field(default_factory=list)
    resets: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._live("away", seed=3, away=(1.2 * HOUR, 1.2 * HOUR + 600))
        self._live("again", seed=4, restarts_at=2.1 * HOUR)

    def _live(
        self, name: str, *, seed: int, away: tuple[float, float] = (-1, -1), restarts_at: float = float("inf")
    ) -> None:
        luck = seeded(seed)
        instance = f'job="{JOB}",instance="{name}"'
        good, bad, unseen, unseen_bad = 1000, 0, 0, 0
        for n in range(int((self.end - self.begin) / STEP)):
            age, at = n * STEP, self.begin + n * STEP
            if restarts_at <= age:
                restarts_at = float("inf")
                self.resets.append(at)
                good = bad = unseen = unseen_bad = 0
            new = luck.randint(0, 9)
            new_bad = min(new, luck.randint(0, 2)) if age > HOUR else 0
            good, bad = good + new - new_bad, bad + new_bad
            unseen, unseen_bad = unseen + new, unseen_bad + new_bad
            up = not away[0] <= age < away[1]
            self.samples.append((f"up{{{instance}}}", float(up), at))
            if not up:
                continue
            self.samples.append((f'{COUNTER}{{{instance},code="200"}}', good, at))
            if bad:
                self.samples.append((f'{COUNTER}{{{instance},code="500"}}', bad, at))
            self.increments.append(Increment(at, unseen if n else 0, unseen_bad if n else 0))
            unseen = unseen_bad = 0

    def counted(self, after: float, until: float) -> Count:
        inside = [each for each in self.increments if after < each.at <= until]
        return Count(sum(each.events for each in inside), sum(each.errors for each in inside))

    def has_reset(self, after: float, until: float) -> bool:
        return any(after < at <= until for at in self.resets)
