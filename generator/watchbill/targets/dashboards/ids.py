"""Panel ids from keys: a panel keeps its links and its alerts when titles and order change."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LARGEST = 2**31 - 1


def ids(keys: Iterable[str]) -> Mapping[str, int]:
    """Return an id, 1 to 2^31 - 1, for each key. Where two would share one, the later key of the alphabet moves on."""
    found: dict[int, str] = {}
    for key in sorted(set(keys)):
        at = int.from_bytes(sha256(key.encode()).digest()[:4]) % LARGEST + 1
        while at in found:
            at = at % LARGEST + 1
        found[at] = key
    return {key: at for at, key in found.items()}
