"""What happened, what a server could have known, and what its recorded tiles say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.lives import GOOD
from lab.prometheus import Prometheus
from lab.targets import Target


@dataclass(frozen=True)
class Count:
    """Events and, among them, errors."""

    events: float
    errors: float

    def error_against(self, truth: "Count") -> "Count":
        """Relative error of both, as fractions of the truth."""
        return Count(self.events / truth.events - 1, self.errors / truth.errors - 1)


def happened(targets: Iterable[Target], since: float = 0, until: float = float("inf")) -> Count:
    """Count every event between two instants."""
    truths = [target.life.truth for target in targets]
    return Count(sum(t.events(since, until) for t in truths), sum(t.errors(since, until) for t in truths))


def shown(targets: Iterable[Target], server: str) -> Count:
    """Count the events that at least one scrape of `server` could see: what died unscraped is beyond any method."""
    events = errors = 0
    for target in targets:
        for (life, code), value in target.shown.get(server, {}).items():
            new = value - (target.life.history.get(code, 0) if life == 0 else 0)
            events += new
            errors += new if code != GOOD else 0
    return Count(events, errors)


def recorded(server: Prometheus, matchers: Mapping[str, str], seconds: int, time: float | None = None) -> Count:
    """Add up all recorded tiles of the last `seconds`."""
    selector = ",".join(f'{name}="{value}"' for name, value in matchers.items())
    sums = {}
    for side in ("events", "errors"):
        rows = server.samples(f"lab:{side}:tile{{{selector}}}", seconds, time)
        sums[side] = sum(value for _, samples in rows for _, value in samples)
    return Count(sums["events"], sums["errors"])
