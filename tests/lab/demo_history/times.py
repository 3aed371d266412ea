"""When the demo takes place."""

from dataclasses import dataclass

SCRAPE = 15
TILE = 30
SLOW = 300


@dataclass(frozen=True)
class Times:
    """Unix seconds. History reaches on beyond `now`, so that the server looks alive for a while."""

    now: int
    hours: float = 26
    ahead: int = 1800

    @property
    def begin(self) -> int:
        return _down(self.now - int(self.hours * 3600))

    @property
    def end(self) -> int:
        return _down(self.now + self.ahead)

    def scrapes(self) -> range:
        return range(self.begin, self.end + 1, SCRAPE)

    def steps(self, interval: int) -> range:
        """The evaluations of a rule group, seconds apart."""
        return range(self.begin, self.end + 1, interval)


def _down(at: int) -> int:
    return at // SLOW * SLOW
