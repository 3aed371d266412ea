"""Breaks the real services, scene by scene, and keeps what was made of it: `python -m lab.story` prints that."""

import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.process import wait_until
from lab.real_world import Alerts, RealWorld, legs
from lab.traffic import Traffic

PATIENCE = 90
NEVER = float("inf")
CALM_SECONDS = 8
WARM_TILES = 4
STALE_SECONDS = 25  # the freshness the spec asks for

REQUESTS_FAIL = (
    ("PrometheusHttpBudgetBurnQuick", ""),
    ("PrometheusHttpBudgetBudgetBurnQuick", ""),
    ("PrometheusLatencyBudgetBurnQuick", ""),
    ("RedisCommandsBudgetBurnQuick", "incr"),
)
NOBODY_RELOADS = (("PrometheusConfigBudgetBurnQuick", ""),)
REDIS_IS_KILLED = (("RedisAnswersBudgetBurnQuick", ""), ("RedisAnswersBudgetBudgetBurnQuick", ""))
EXPORTER_HANGS = (("RedisScrapesBudgetBurnQuick", ""),)
ALL = REQUESTS_FAIL + NOBODY_RELOADS + REDIS_IS_KILLED + EXPORTER_HANGS

Key = tuple[str, str]


@dataclass
class Leg:
    """One server's side of the story; times are Unix seconds, ages seconds since all was mended."""

    calm: Alerts = field(default_factory=dict)
    pending: Alerts = field(default_factory=dict)
    fired: dict[Key, dict[str, Any]] = field(default_factory=dict)
    fired_at: dict[Key, float] = field(default_factory=dict)
    delivered: dict[Key, dict[str, Any]] = field(default_factory=dict)
    resolved_after: float = NEVER
    cleared_after: float = NEVER


@dataclass
class Story:
    """The finished story; the servers still answer."""

    world: RealWorld
    legs: dict[str, Leg]
    calm_from: float = 0
    broken_until: float = 0
    broken_at: dict[Key, float] = field(default_factory=dict)

    def delay(self, leg: str, key: Key) -> float:
        return self.legs[leg].fired_at[key] - self.broken_at.get(key, self.calm_from)


def tell(world: RealWorld, *, brief: bool = False) -> Story:
    """Live through all scenes; `brief`: through the failing requests alone."""
    story = Story(world, {name: Leg() for name in world.watches})
    urls = [watch.server.url for watch in world.watches.values()]
    stale_from = time.time() + STALE_SECONDS
    with Traffic(urls, world.redis, failing=False):
        wait_until(lambda: all(watch.tiles("redis-commands") >= WARM_TILES for watch in world.watches.values()), 60)
        story.calm_from = time.time()
        time.sleep(CALM_SECONDS)
        for name, watch in world.watches.items():
            story.legs[name].calm, story.legs[name].pending = watch.firing(), watch.pending()
    with Traffic(urls, world.redis, failing=True):
        _await(story, REQUESTS_FAIL, time.time())
    if brief:
        return story
    _await(story, NOBODY_RELOADS, stale_from)
    story.broken_until = time.time()
    world.redis.kill()
    _await(story, REDIS_IS_KILLED, time.time())
    world.exporter.signal(signal.SIGSTOP)
    _await(story, EXPORTER_HANGS, time.time())
    world.exporter.signal(signal.SIGCONT)
    world.redis.start()
    _recover(story)
    return story


def _await(story: Story, keys: tuple[Key, ...], broken_at: float) -> None:
    story.broken_at |= dict.fromkeys(keys, broken_at)

    def all_seen() -> bool:
        for name, leg in story.legs.items():
            watch = story.world.watches[name]
            for key, alert in watch.firing().items():
                leg.fired.setdefault(key, alert)
                leg.fired_at.setdefault(key, time.time())
            leg.delivered |= watch.delivered()
        return all(key in leg.fired and key in leg.delivered for leg in story.legs.values() for key in keys)

    wait_until(all_seen, PATIENCE)


def _recover(story: Story) -> None:
    mended = time.time()

    def all_over() -> bool:
        for name, leg in story.legs.items():
            watch, age = story.world.watches[name], time.time() - mended
            watch.server.reload()
            if leg.resolved_after == NEVER and not watch.firing():
                leg.resolved_after = age
            if leg.cleared_after == NEVER and leg.resolved_after < NEVER and not watch.delivered():
                leg.cleared_after = age
        return all(leg.cleared_after < NEVER for leg in story.legs.values())

    wait_until(all_over, PATIENCE, pause=1)


def report(story: Story) -> list[str]:
    lines = []
    for name, leg in story.legs.items():
        lines += [
            f"{name:8} {alert + ' ' + cmd:45} fired after {story.delay(name, (alert, cmd)):5.1f} s: "
            + leg.fired[alert, cmd]["annotations"]["summary"]
            for alert, cmd in leg.fired
        ]
        lines.append(f"{name:8} resolved after {leg.resolved_after:.1f} s, there after {leg.cleared_after:.1f} s")
    return lines


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, RealWorld(Path(folder), legs()) as world:
        print("\n".join(report(tell(world))))


if __name__ == "__main__":
    main()
