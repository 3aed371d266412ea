"""How rules and alerts of a recovery item read what is recorded of its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.durations import DAY, HOUR, format_duration
from watchbill.kinds.lowering import Lowering
from watchbill.kinds.setting import STALE_READ

if TYPE_CHECKING:
    from watchbill.kinds.recovery.section import Recovery
    from watchbill.kinds.setting import Setting

KEPT = HOUR
REMEMBERED = DAY


class Reads:
    """The item's series. News are kept for an hour: an exporter that restarts must not end an alert and begin it anew.

    When a copy was last heard of is kept with the rest, so that its age stands still meanwhile: what happened since
    then, nobody knows.
    """

    def __init__(self, item: Recovery, setting: Setting) -> None:
        self.item, self.setting = item, setting
        self.low = Lowering(item, setting, names.BOARD)
        self.by = ", ".join(item.group_names)

    @property
    def kept_for(self) -> int:
        """Ms for which news are kept: an hour, or three slow intervals."""
        return max(KEPT, STALE_READ * self.setting.timing.slow)

    def kept(self, record: str) -> str:
        """Return the last news of the hour."""
        return self.over("last_over_time", record, self.kept_for)

    def remembered(self, record: str) -> str:
        """Return the last news of the day."""
        return self.over("last_over_time", record, REMEMBERED)

    def over(self, function: str, record: str, length: int) -> str:
        """Return a function over a series' past."""
        return f"{function}({self.low.ref(record)}[{format_duration(length)}])"

    def best(self, role: str) -> str:
        """Return the newest or greatest of what the copy's series say: exporters may run twice."""
        return f"max by ({self.by}) ({self.item.selector(role)})"
