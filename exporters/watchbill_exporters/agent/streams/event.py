"""What happens to a stream; docs/recipes/agent-streams.md has the format of the lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.streams import CURSORS, OUTCOMES, RESULTS
from watchbill_exporters.core.records.decode import OTHER, Refusal, RefusedError

if TYPE_CHECKING:
    from watchbill_exporters.core.records.decode import Fields

FIELDS = ("ts", "event", "stream", "agent", "bytes", "outcome", "cursor", "result", "trace_id")


class Kind(StrEnum):
    """`heartbeat` is everything that keeps the connection alive and shows the user nothing."""

    OPEN = "open"
    DATA = "data"
    HEARTBEAT = "heartbeat"
    END = "end"
    RECONNECT = "reconnect"


@dataclass(frozen=True)
class StreamEvent:
    """`stream` names one connection; a client that comes back opens another one."""

    kind: Kind
    at: float
    stream: str = ""
    agent: str = ""
    outcome: str = ""
    cursor: str = ""
    result: str = ""
    trace_id: str | None = None


def parse(fields: Fields) -> StreamEvent:
    """Return the event of a line. Raises RefusedError."""
    fields.only(*FIELDS)
    kind = Kind(fields.choice("event", tuple(Kind)))
    at = fields.moment("ts")
    cursor, result = _reconnect(fields, kind)
    if kind is Kind.RECONNECT:
        return StreamEvent(kind, at, cursor=cursor, result=result)
    stream = fields.text("stream")
    trace_id = fields.trace_id()
    match kind:
        case Kind.OPEN:
            return StreamEvent(kind, at, stream, fields.text("agent"), "", cursor, result, trace_id)
        case Kind.DATA if fields.whole("bytes", least=0, most=1 << 40) == 0:
            return StreamEvent(Kind.HEARTBEAT, at, stream)
        case Kind.END:
            outcome = fields.choice("outcome", (*OUTCOMES, OTHER)) if fields.raw.get("outcome") is not None else ""
            return StreamEvent(kind, at, stream, outcome=outcome, trace_id=trace_id)
        case _:
            return StreamEvent(kind, at, stream)


def _reconnect(fields: Fields, kind: Kind) -> tuple[str, str]:
    """Return cursor and result, which come together or not at all."""
    given = [fields.raw.get(key) is not None for key in ("cursor", "result")]
    if kind is not Kind.RECONNECT and not any(given):
        return "", ""
    if kind not in {Kind.OPEN, Kind.RECONNECT} or not all(given):
        raise RefusedError(Refusal.WRONG_SHAPE, "cursor and result belong to open or reconnect, together")
    return fields.choice("cursor", CURSORS), fields.choice("result", RESULTS)
