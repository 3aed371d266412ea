"""Words and bounds that alerts on backups, on copies and on restores share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.gotext import escaped

if TYPE_CHECKING:
    from watchbill.kinds.recovery.reads import Reads

OVERDUE_AT = 1.25
"""Times a cadence: one that is kept by people and cron jobs is not kept to the minute."""
OF = "{{ $value | humanizeDuration }}"


def titled(reads: Reads, text: str) -> str:
    """Return a summary: what, and of which copy; a label that the alert lacks is left out."""
    named = "".join(f"{{{{ with $labels.{n} }}}}, {n} {{{{ . }}}}{{{{ end }}}}" for n in reads.item.group_names)
    return f"{escaped(reads.item.shown)}: {text}{named}"
