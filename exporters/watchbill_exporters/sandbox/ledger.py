"""Sandboxes that are there, and what they have cost so far: each counted, timed and charged exactly once.

Whoever watches (an event stream, a list, a file) tells the ledger what happened and when. Time is charged up to what
is known: `charge` when a list has just confirmed what runs, and to the exact end once that is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.sandbox import catalogue as names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill_exporters.core.memory.tally import Tally

MOST = 200_000
"""Sandboxes that are followed one by one; a table that only grows would be a leak of its own."""


Labels = tuple[str, ...]
Rows = tuple[tuple[Labels, float], ...]


@dataclass(frozen=True)
class Live:
    """How many there are by pool, runtime and state, and by pool when the oldest came up."""

    states: Rows = ()
    oldest: Rows = ()


@dataclass
class Sandbox:
    """One that is there. `charged`: up to this moment its time is in the counters; Unix time, seconds."""

    pool: str
    runtime: str
    started: float
    charged: float
    paused: bool = False


class Ledger:
    """Not thread-safe: the caller holds the tally's lock, under which counters and this table change together."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._there: dict[str, Sandbox] = {}
        self.synced = 0.0
        """Up to when all starts are known; what came up later and is not known was missed. 0: never yet."""

    def __contains__(self, key: str) -> bool:
        return key in self._there

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._there))

    def __len__(self) -> int:
        return len(self._there)

    def start(self, key: str, sandbox: Sandbox, *, counted: bool = True) -> bool:
        """Take a sandbox that runs; `counted`: its start is new to the counters. False: it was known.

        One too many is counted, and not followed.
        """
        if key in self._there:
            return False
        if len(self._there) < MOST:
            self._there[key] = sandbox
        if counted:
            self._tally.add(names.STARTS, (sandbox.pool, sandbox.runtime))
        return True

    def found(self, key: str, sandbox: Sandbox) -> bool:
        """Take one that a list shows: what came up before `synced` was counted, and charged up to then."""
        fresh = sandbox.started > self.synced
        sandbox.charged = max(sandbox.started, self.synced)
        if not self.start(key, sandbox, counted=fresh):
            return False
        if fresh:
            self._tally.add(names.CORRECTIONS, ("start",))
        return True

    def lost(self, key: str) -> None:
        """It is gone, and nobody told."""
        if self.end(key, None, "other"):
            self._tally.add(names.CORRECTIONS, ("end",))

    def waited(self, pool: str, seconds: float, launch: str) -> None:
        """Take how long a start took."""
        if seconds >= 0:
            self._tally.observe(names.START_DURATION, (pool, launch), seconds)

    def failed(self, pool: str, runtime: str, reason: str) -> None:
        """Take a sandbox that did not come up."""
        self._tally.add(names.START_FAILURES, (pool, runtime, reason))

    def pause(self, key: str, at: float, *, paused: bool) -> None:
        """It is paused, or goes on."""
        sandbox = self._there.get(key)
        if sandbox is not None and sandbox.paused is not paused:
            self._charge(sandbox, at)
            sandbox.paused = paused

    def end(self, key: str, at: float | None, reason: str) -> bool:
        """It is gone; without a time it is charged up to where it was last known to be there. False: it was unknown."""
        sandbox = self._there.pop(key, None)
        if sandbox is None:
            return False
        if at is not None:
            self._charge(sandbox, at)
        self._tally.add(names.EXITS, (sandbox.pool, reason))
        return True

    def oom(self, key: str) -> None:
        """A process of it was killed for memory."""
        sandbox = self._there.get(key)
        if sandbox is not None:
            self._tally.add(names.OOM_KILLS, (sandbox.pool,))

    def charge(self, now: float, keys: Iterable[str] | None = None) -> None:
        """Charge up to now those that were just seen to be there; None: all."""
        for key in self._there if keys is None else keys:
            sandbox = self._there.get(key)
            if sandbox is not None:
                self._charge(sandbox, now)

    def runs(self, key: str) -> Sandbox | None:
        """Return a sandbox that is there."""
        return self._there.get(key)

    def live(self, starting: Iterable[tuple[str, str]] = ()) -> Live:
        """Return what is there now; `starting`: pool and runtime of those that do not run yet."""
        found: Counter[Labels] = Counter((*one, "starting") for one in starting)
        oldest: dict[Labels, float] = {}
        for one in self._there.values():
            found[one.pool, one.runtime, "paused" if one.paused else "running"] += 1
            pool = self._tally.admitted(names.OLDEST_START, (one.pool,))
            oldest[pool] = min(one.started, oldest.get(pool, one.started))
        states: Counter[Labels] = Counter()
        for labels, count in found.items():
            states[self._tally.admitted(names.SANDBOXES, labels)] += count
        return Live(tuple((k, float(n)) for k, n in states.items()), tuple(oldest.items()))

    def export(self) -> dict[str, Any]:
        """Return plain data for the state file."""
        return {"synced": self.synced, "there": {key: asdict(sandbox) for key, sandbox in self._there.items()}}

    def restore(self, data: dict[str, Any]) -> None:
        """Take what `export` returned."""
        self.synced = float(data["synced"])
        self._there = {key: Sandbox(**found) for key, found in data["there"].items()}

    def _charge(self, sandbox: Sandbox, until: float) -> None:
        """A clock that went back, or an event that comes after a list that knew, takes nothing back."""
        seconds = until - sandbox.charged
        if seconds > 0:
            family = names.PAUSED_SECONDS if sandbox.paused else names.RUNNING_SECONDS
            self._tally.add(family, (sandbox.pool,), seconds)
            sandbox.charged = until
