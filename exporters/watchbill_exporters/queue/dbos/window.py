"""What is new in a table whose rows have times: they are written before a transaction commits, so some come late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LATE = 60_000  # milliseconds
BATCH = 50_000
Row = tuple[Any, ...]


class Window:
    """Rows begin with an id and a time in milliseconds; each pair is given once, old ones never."""

    def __init__(self) -> None:
        self._edge: int | None = None
        self._seen: set[tuple[str, int]] = set()

    def since(self, latest: int) -> int:
        """Return from when on rows have to be asked for."""
        return max(0, (latest if self._edge is None else self._edge) - LATE)

    def fresh(self, rows: Iterable[Row], latest: int) -> Iterator[Row]:
        first = self._edge is None
        for row in rows:
            if (key := (row[0], row[1])) not in self._seen:
                self._seen.add(key)
                if not first:
                    yield row
        self._edge = max(self._edge or 0, latest)
        self._seen = {key for key in self._seen if key[1] > self._edge - LATE}
