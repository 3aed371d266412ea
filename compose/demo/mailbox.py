"""What the receivers of Alertmanager got."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 20_000


@dataclass(frozen=True)
class Received:
    """One alert of one notification."""

    receiver: str
    status: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    at: float


class Mailbox:
    """Keeps what came, newest last; safe to use from any thread."""

    def __init__(self) -> None:
        self._received: deque[Received] = deque(maxlen=MOST)
        self._lock = threading.Lock()

    def take(self, receiver: str, body: Mapping[str, Any], at: float) -> list[Received]:
        """Take a notification as Alertmanager's webhook sends it. Raises KeyError, TypeError on other shapes."""
        alerts = [Received(receiver, a["status"], a["labels"], a["annotations"], at) for a in body["alerts"]]
        with self._lock:
            self._received.extend(alerts)
        return alerts

    def since(self, at: float) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(one) for one in self._received if one.at >= at]
