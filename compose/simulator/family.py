"""Processes that are started end with who started them, however that ends."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def _setpriv() -> tuple[str, ...]:
    """By util-linux: `preexec_fn` would run Python between fork and exec, where threads may hold locks for ever."""
    found = shutil.which("setpriv")
    return (found,) if found else ()


def bound(command: Sequence[str], *, last: str = "TERM") -> list[str]:
    """Return a command that gets a signal from the kernel when the thread that started it ends (prctl(2))."""
    setpriv = _setpriv()
    return [*setpriv, "--pdeathsig", last, "--", *command] if setpriv else [*command]
