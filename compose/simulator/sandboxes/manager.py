"""A manager of sandboxes: starts a process for each, ends it, and logs what happened."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from compose.simulator.family import bound

if TYPE_CHECKING:
    from compose.simulator.chance import Chance
    from compose.simulator.lines import Lines
    from compose.simulator.sandboxes.conduct import Conduct

POOLS = {"default": 0.85, "browser": 0.15}
"""Pools and their shares of sandboxes."""
RUNTIME = "process"
COMMAND = ("sleep", "86400")


class Manager:
    """One sandbox for each call; those that leak live until the fault is off, or the platform ends."""

    def __init__(self, conduct: Conduct, chance: Chance, log: Lines) -> None:
        self._conduct, self._chance, self._log = conduct, chance, log
        self._leaked = 0

    async def __call__(self) -> None:
        conduct, chance = self._conduct, self._chance
        name, requested, pool = f"sb-{chance.key(48)}", time.time(), chance.among(POOLS)
        if chance.happens(conduct.do_not_start):
            self._say("start_failed", name, pool=pool, runtime=RUNTIME, reason="capacity")
            return
        warm = chance.happens(conduct.warm)
        await asyncio.sleep(chance.around(conduct.start_seconds * (0.1 if warm else 1.0)))
        process = subprocess.Popen(bound(COMMAND), stdin=subprocess.DEVNULL)  # noqa: S603, ASYNC220 - a vfork
        launch = "warm" if warm else "cold"
        self._say("started", name, pool=pool, runtime=RUNTIME, requested_at=round(requested, 3), launch=launch)
        reason = "killed"
        try:
            reason = await self._live()
        finally:
            self._say("ended", name, reason=reason, cpu_seconds=round(_end(process), 4))

    async def _live(self) -> str:
        """Wait for its end; return the reason."""
        if self._chance.happens(self._conduct.leak) and self._leaked < self._conduct.most_leaked:
            self._leaked += 1
            try:
                while self._conduct.leak > 0:  # noqa: ASYNC110 - faults are switched from another thread
                    await asyncio.sleep(1)
            finally:
                self._leaked -= 1
            return "killed"
        await asyncio.sleep(self._chance.around(self._conduct.lives_seconds))
        return "oom" if self._chance.happens(self._conduct.run_out_of_memory) else "completed"

    def _say(self, event: str, name: str, **more: object) -> None:
        if more.get("reason") == "oom":
            self._log.write(event="oom", id=name, at=round(time.time(), 3))
        self._log.write(event=event, id=name, at=round(time.time(), 3), **more)


def _end(process: subprocess.Popen[bytes]) -> float:
    """End the process; return the CPU seconds it used."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
