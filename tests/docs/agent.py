"""The metrics of the agent exporter and what they are read from: from the catalogue and the mapping tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.docs.families import buckets, metrics, table
from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.otlp.table import FIRST_TOKEN_EVENTS, KINDS, MARKS, PROVIDERS, STRONG, WEAK, Kind, Slot
from watchbill_exporters.core.memory.tally.limits import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable


def metrics_page(note: str) -> str:
    return "\n".join([
        note,
        "# Metrics of the agent exporter\n",
        "Labels in braces are closed sets; what is in none of them becomes `other`. Of every other label the values of",
        f"the config are shown and the first {MOST} others (`labels.most`), then `other`, counted in",
        "`agent_exporter_label_overflow_total{label}`.\n",
        metrics(FAMILIES),
        "## Buckets\n",
        "A latency threshold of an objective must be one of these.\n",
        buckets(FAMILIES),
        "## Attributes of spans\n",
        "Where a span has several, the first column wins.\n",
        table("what | attribute | also read", [_slot(slot) for slot in Slot]),
        "## Kinds of spans\n",
        "`gen_ai.operation.name`, `openinference.span.kind`, `traceloop.span.kind` or `llm.request.type`:\n",
        table("kind | values", [_kind(kind) for kind in Kind]),
        f"The first token is also read from span events: {_code(sorted(FIRST_TOKEN_EVENTS))}.\n",
        "## Attributes no convention has\n",
        "On spans, or on span events, which may be many in one span.\n",
        table("attribute | what", [f"| `{name}` | {what} |" for name, what in MARKS.items()]),
        "## Providers\n",
        "All in lower case; besides, these names become one:\n",
        table("written | shown", [f"| `{old}` | `{new}` |" for old, new in PROVIDERS.items()]),
    ])  # fmt: skip


def _kind(kind: Kind) -> str:
    return f"| {kind.name.lower()} | {_code(value for value, found in KINDS.items() if found is kind)} |"


def _slot(slot: Slot) -> str:
    first = _code(name for name, found in STRONG.items() if found is slot)
    others = _code(name for name, found in WEAK.items() if found is slot)
    return f"| {slot.name.lower().replace('_', ' ')} | {first} | {others} |"


def _code(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)
