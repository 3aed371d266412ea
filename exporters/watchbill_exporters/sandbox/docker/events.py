"""Events of a daemon -> the ledger. Each is taken once, whatever is sent again after a reconnect."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from watchbill_exporters.sandbox import catalogue as names
from watchbill_exporters.sandbox.ledger import Ledger, Sandbox
from watchbill_exporters.sandbox.pools import Facts

if TYPE_CHECKING:
    from watchbill_exporters.sandbox.hub import Hub

LAUNCH_LABEL = "watchbill.launch"
REMEMBERED = 20_000
_OF_EVENT = frozenset({"image", "name", "exitCode", "execDuration", "signal", "containerExitCode", "podId"})


class Bounded(OrderedDict[str, float]):
    """The newest so many of something, with a time each."""

    def put(self, key: str, value: float) -> None:
        self[key] = value
        self.move_to_end(key)
        while len(self) > REMEMBERED:
            self.popitem(last=False)


class Events:
    """What events say. The caller holds the tally's lock."""

    def __init__(self, hub: Hub, ledger: Ledger, runtime: str) -> None:
        self._hub, self._tally, self._ledger = hub, hub.tally, ledger
        self.runtime = runtime
        self.last = 0
        """Time of the newest event that was taken, ns: where a stream goes on."""
        self.created, self.ended, self._killed, self._oom = Bounded(), Bounded(), Bounded(), Bounded()

    def take(self, event: dict[str, Any]) -> None:
        """Take one event of a container."""
        nanos, actor = event.get("timeNano"), event.get("Actor")
        if event.get("Type") != "container" or not isinstance(nanos, int) or not isinstance(actor, dict):
            self._tally.add(names.EVENTS, ("ignored",))
            return
        if nanos <= self.last:
            self._tally.add(names.EVENTS, ("again",))
            return
        self.last = nanos
        attributes = {str(k): str(v) for k, v in (actor.get("Attributes") or {}).items()}
        taken = self._taken(str(event.get("Action", "")), str(actor.get("ID", "")), nanos / 1e9, attributes)
        self._tally.add(names.EVENTS, ("taken" if taken else "ignored",))

    def _taken(self, action: str, key: str, at: float, attributes: dict[str, str]) -> bool:
        match action.partition(":")[0]:
            case "create":
                self.created.put(key, at)
            case "start":
                self._start(key, at, attributes)
            case "die" | "died":
                self._die(key, at, attributes)
            case "oom":
                if key not in self._oom:  # the daemon tells of one kill several times
                    self._ledger.oom(key)
                self._oom.put(key, at)
            case "kill":
                self._killed.put(key, at)
            case "pause" | "unpause":
                self._ledger.pause(key, at, paused=action == "pause")
            case "destroy" | "remove" | "cleanup":  # Podman cleans up what did not come up, and keeps it
                self._destroy(key, attributes)
            case _:
                return False
        return True

    def _start(self, key: str, at: float, attributes: dict[str, str]) -> None:
        pool = self._pool(attributes)
        created = self.created.pop(key, None)
        self.ended.pop(key, None)
        if not pool:
            return
        if self._ledger.start(key, Sandbox(pool, self.runtime, at, at)) and created is not None:
            self._ledger.waited(pool, at - created, "warm" if attributes.get(LAUNCH_LABEL) == "warm" else "cold")

    def _die(self, key: str, at: float, attributes: dict[str, str]) -> None:
        code = attributes.get("exitCode") or attributes.get("containerExitCode") or ""
        oom, killed = self._oom.pop(key, None), self._killed.pop(key, None)
        reason = "oom" if oom else "completed" if code == "0" else "killed" if killed or code == "137" else "error"
        self.ended.put(key, at)
        if not self._ledger.end(key, at, reason) and self.created.pop(key, None) is not None:
            pool = self._pool(attributes)  # it died before it ran
            if pool:
                self._ledger.failed(pool, self.runtime, "image" if code in {"126", "127"} else "other")

    def _destroy(self, key: str, attributes: dict[str, str]) -> None:
        """What was created and is gone and never ran in between did not come up: the daemon has no event for that."""
        for known in (self._killed, self._oom):
            known.pop(key, None)
        pool = self._pool(attributes)
        if self.created.pop(key, None) is not None and pool:
            self._ledger.failed(pool, self.runtime, "other")

    def _pool(self, attributes: dict[str, str]) -> str:
        labels = {k: v for k, v in attributes.items() if k not in _OF_EVENT}
        return self._hub.pools.of(Facts(image=attributes.get("image", ""), labels=labels))
