"""Time, as an argument."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Clock:
    """Unix seconds, and a way to let them pass."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
