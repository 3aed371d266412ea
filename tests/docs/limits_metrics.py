"""The metrics of the service that tells harnesses of limits, from its catalogue."""

from __future__ import annotations

from watchbill_exporters.limits.catalogue import ANSWERS, NAMES, Fault, Name, Refused, Status

CLOSED = {
    "status": tuple(Status),
    "reason": tuple(Refused),
    "fault": tuple(Fault),
    "code": ANSWERS,
}


def metrics_page(note: str) -> str:
    rows = [f"| `{n.name}` | {_kind(n)} | {', '.join(map(_label, n.labels))} | {n.help} |" for n in NAMES]
    return "\n".join([
        note,
        "# Metrics of `watchbill-exporter limits`\n",
        "Labels in braces are closed sets; `limit` is an id of the limits file. Series start at 0.\n",
        "| metric | type | labels | meaning |",
        "|---|---|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def _kind(name: Name) -> str:
    return "counter" if name.is_counter else "gauge"


def _label(name: str) -> str:
    words = ",".join(str(word) for word in CLOSED.get(name, ()))
    return f"`{name}{{{words}}}`" if words else f"`{name}`"
