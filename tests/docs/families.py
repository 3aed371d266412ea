"""Tables of an exporter's metrics, from its families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.limits import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watchbill_exporters.core.memory.tally import Family

FEW = 8


def table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") + 1
    return "\n".join([f"| {head} |", "|" + "---|" * columns, *rows]) + "\n"


def metrics(families: Sequence[Family]) -> str:
    rows = (f"| `{f.name}` | {f.kind} | {_labels(f)} | {f.help} |" for f in families)
    return table("metric | type | labels | meaning", rows)


def buckets(families: Sequence[Family]) -> str:
    bounds = dict.fromkeys(f.bounds for f in families if f.bounds)
    rows = (f"| {_bounds(b)} | {', '.join(f'`{f.name}`' for f in families if f.bounds == b)} |" for b in bounds)
    return table("bounds | metrics", rows)


def page(note: str, of: str, families: Sequence[Family], *, most: int = MOST) -> str:
    """Return the reference page of an exporter: its metrics, and the buckets of its histograms."""
    parts = [
        note,
        f"# Metrics of the {of} exporter\n",
        "Labels in braces are closed sets; what is in none of them becomes `other`. Of every other label the values of",
        f"the config are shown and the first {most} others, then `other`, counted in",
        f"`{of}_exporter_label_overflow_total{{label}}`. What every exporter says of itself is on the page",
        "[Exporters](../concepts/exporters.md).\n",
        metrics(families),
    ]
    if any(f.bounds for f in families):
        parts += ["## Buckets\n", "A latency threshold of an objective must be one of these.\n", buckets(families)]
    return "\n".join(parts)


def _labels(family: Family) -> str:
    return ", ".join(_label(name, family.closed.get(name)) for name in family.labels)


def _label(name: str, values: tuple[str, ...] | None) -> str:
    if values is None:
        return f"`{name}`"
    shown = ",".join(values) if len(values) <= FEW else f"{values[0]}..{values[-1]}"
    return f"`{name}{{{shown}}}`"


def _bounds(bounds: tuple[float, ...]) -> str:
    return " ".join(f"{bound:g}" for bound in bounds)
