"""Queries over the copies of all recovery items of a service, by item and repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import recovery as names
from watchbill.durations import HOUR, MINUTE, format_duration
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.kinds.setting import Setting

BY = f"{conventions.RECOVERY}, {names.REPOSITORY}"


class Copies:
    """`chosen`: of what the board's variable chooses. Of copies with more labels the worst counts."""

    def __init__(self, setting: Setting, *, chosen: bool) -> None:
        more = f',{conventions.RECOVERY}=~"${conventions.RECOVERY}"' if chosen else ""
        mine = f"{conventions.SERVICE}={quote(setting.service)}"
        self.mine = mine + more
        self.alerts = f"ALERTS{{{conventions.MARKER}={quote(setting.service)}{more}"
        self.slow = max(15 * MINUTE, 3 * setting.timing.slow)
        self.page, self.ticket = (f"severity={quote(setting.severity(level))}" for level in ("page", "ticket"))

    def read(self, record: str, over: int = HOUR) -> str:
        """Return the last news of a record."""
        return f"last_over_time({record}{{{self.mine}}}[{format_duration(max(over, self.slow))}])"

    def by_copy(self, record: str) -> str:
        """Return the record by copy; of several, the greatest."""
        return f"max by ({BY}) ({self.read(record)})"

    def age(self) -> str:
        """Return the seconds of data that would be lost, as of the last look."""
        return f"max by ({BY}) ({self.read(names.SEEN)} - {self.read(names.POINT)})"

    def _promise(self, record: str) -> str:
        return f"on ({conventions.RECOVERY}) group_left () max by ({conventions.RECOVERY}) ({self.read(record)})"

    def per_copy(self, record: str) -> str:
        """Return the promise beside each copy."""
        return f"{self.by_copy(names.POINT)} * 0 + {self._promise(record)}"

    def used(self) -> str:
        """Return the age as a share of the RPO."""
        return f"{self.age()} / {self._promise(names.RPO)}"

    def took(self) -> str:
        """Return the duration of the last restore test as a share of the RTO."""
        return f"{self.by_copy(names.RESTORE_TOOK)} / {self._promise(names.RTO)}"

    def lost(self) -> str:
        """Return what the last restore test lost as a share of the RPO."""
        return f"{self.by_copy(names.LOST)} / {self._promise(names.RPO)}"

    def size_share(self) -> str:
        """Return the size as a share of the usual one."""
        return f"min by ({BY}) ({self.read(names.SIZE)} / ({self.read(names.USUAL_SIZE)} > 0))"

    def trouble(self) -> str:
        """Return 2 where the last attempt failed, 1 where the repository is locked, else 0."""
        failed = f"({self.read(names.ATTEMPT)} == 0) + 2"
        return f"max by ({BY}) (\n  {failed}\n  or\n  {self.read(names.LOCKED)}\n  or\n  {self.read(names.SEEN)} * 0\n)"

    def untested(self) -> str:
        """Return the copies that no restore test is known of."""
        return f"{self.by_copy(names.POINT)} unless {self.by_copy(names.RESTORED)}"

    def count(self, expr: str) -> str:
        """Return how many there are, 0 where there are none."""
        return f"count({expr}) or 0 * count({self.read(names.INFO)})"

    def _firing(self, severity: str, by: str = conventions.RECOVERY) -> str:
        return f'count by ({by}) ({self.alerts},recovery!="",alertstate="firing",{severity}}})'

    def with_ticket(self) -> str:
        """Return how many items have a ticket firing, and no page."""
        return self.count(f"{self._firing(self.ticket)} unless {self._firing(self.page)}")

    def firing(self) -> str:
        """Return what fires by item: 2 a page, 1 a ticket."""
        return f"{self._firing(self.page)} * 0 + 2\nor\n{self._firing(self.ticket)} * 0 + 1"

    def state(self) -> str:
        """Return the worst that fires for each copy, with the title of its item."""
        page, ticket = self._firing(self.page, BY), self._firing(self.ticket, BY)
        info = f"max by ({conventions.RECOVERY}, title) ({self.read(names.INFO)})"
        worst = f"{page} * 0 + 2\n  or\n  {ticket} * 0 + 1\n  or\n  {self.by_copy(names.POINT)} * 0"
        return f"(\n  {worst}\n)\n* on ({conventions.RECOVERY}) group_left (title) {info}"
