"""What can go wrong, as switches: each theme of the simulator brings its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True)
class Fault:
    """One way to fail. `alerts` are those that have to fire while it is on for long enough."""

    name: str
    about: str
    alerts: tuple[str, ...]
    on: Callable[[], None]
    off: Callable[[], None]

    def shown(self) -> dict[str, Any]:
        return {"name": self.name, "about": self.about, "alerts": list(self.alerts)}


class UnknownFaultError(KeyError):
    """Nobody registered a fault of this name."""


class Switches:
    """The faults there are, and which of them are on. Safe to use from any thread."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults: dict[str, Fault] = {}
        self._on: set[str] = set()
        self._lock = threading.Lock()
        for fault in faults:
            if fault.name in self._faults:
                raise ValueError(f"two faults are called {fault.name}")
            self._faults[fault.name] = fault

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults.values())

    def __contains__(self, name: str) -> bool:
        return name in self._faults

    def is_on(self, name: str) -> bool:
        self._find(name)
        return name in self._on

    def set(self, name: str, *, on: bool) -> None:
        """Switch a fault; what is on already stays on. Raises UnknownFaultError."""
        fault = self._find(name)
        with self._lock:
            if on is (name in self._on):
                return
            (fault.on if on else fault.off)()
            (self._on.add if on else self._on.discard)(name)

    def clear(self) -> None:
        for name in sorted(self._on):
            self.set(name, on=False)

    def _find(self, name: str) -> Fault:
        if name not in self._faults:
            raise UnknownFaultError(name)
        return self._faults[name]


def changing(conduct: object, name: str, about: str, alerts: tuple[str, ...], **while_on: Any) -> Fault:
    """Return a fault that gives attributes of a conduct other values while it is on."""
    usual = {key: getattr(conduct, key) for key in while_on}

    def put(values: dict[str, Any]) -> None:
        for key, value in values.items():
            setattr(conduct, key, value)

    return Fault(name, about, alerts, on=lambda: put(while_on), off=lambda: put(usual))
