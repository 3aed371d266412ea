"""All faults of the demo: those of the platform, and processes that are away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from compose.simulator.fault import Fault, Switches, UnknownFaultError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compose.demo.family import Family

PATIENCE = 60
_DOWN = ("SupportAgentsTargetsDown",)
_UNREADABLE = ("RunQueueSignalMissing", "NightlyFanOutSignalMissing")
REDIS = "redis"
PROCESSES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "agent-exporter": ("The agent exporter is killed: what it feeds is blind.", _DOWN),
    "queue-exporter": ("The queue exporter is killed.", _DOWN),
    "sandbox-exporter": ("The sandbox exporter is killed.", _DOWN),
    "backup-exporter": ("The backup exporter is killed.", _DOWN),
    "simulator": ("The whole platform is killed, and with it the prober of its gateway.", _DOWN),
    "alertmanager": ("Alertmanager is killed: nobody hears of anything; what watches the Watchdog would.", ()),
}


class PlatformAwayError(Exception):
    """The simulator does not answer."""


class Faults:
    """One list for both; the platform's are switched over HTTP."""

    def __init__(self, family: Family, simulator: str) -> None:
        self._simulator, self._session = simulator, requests.Session()
        self._session.trust_env = False
        self._family, self._own = family, Switches(())
        self._platform: list[dict[str, Any]] = []

    def learn(self) -> None:
        """Ask the platform once; its faults stay listed while it is away."""
        self._platform = self._ask("GET", "/faults")
        known = [_away(self._family, name) for name in PROCESSES if name in self._family or name == "alertmanager"]
        self._own = Switches([*known, *([_frozen(self._family)] if REDIS in self._family else [])])

    def listing(self) -> list[dict[str, Any]]:
        return [*self._platform, *(fault.shown() for fault in self._own)]

    def is_on(self, name: str) -> bool:
        """Raises UnknownFaultError, PlatformAwayError."""
        return self._own.is_on(name) if self._is_own(name) else bool(self._ask("GET", f"/faults/{name}")["on"])

    def set(self, name: str, *, on: bool) -> None:
        """Raises UnknownFaultError, PlatformAwayError."""
        if self._is_own(name):
            self._own.set(name, on=on)
        else:
            self._ask("POST", f"/faults/{name}", {"on": on})

    def _is_own(self, name: str) -> bool:
        if name in self._own:
            return True
        if all(name != one["name"] for one in self._platform):
            raise UnknownFaultError(name)
        return False

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = self._session.request(method, self._simulator + path, json=body, timeout=PATIENCE)
        except requests.RequestException as error:
            raise PlatformAwayError(f"the simulator does not answer: {error}") from error
        if not answer.ok:
            raise PlatformAwayError(f"the simulator refused: {answer.text.strip()}")
        return answer.json()


def _away(family: Family, name: str) -> Fault:
    about, alerts = PROCESSES[name]
    return Fault(f"{name}-down", about, alerts, on=lambda: family.kill(name), off=lambda: family.start(name))


def _frozen(family: Family) -> Fault:
    """Return the fault of a Redis that holds still: connections are taken, nothing is answered."""
    about = "The Redis of the queues answers nobody: jobs are neither put in nor taken, the exporter cannot read."
    return Fault("redis-paused", about, _UNREADABLE, on=lambda: family.freeze(REDIS), off=lambda: family.thaw(REDIS))


def all_of_processes(family: Family) -> list[Fault]:
    """Return the faults of processes, whichever of them run here."""
    return [*(_away(family, name) for name in PROCESSES), _frozen(family)]
