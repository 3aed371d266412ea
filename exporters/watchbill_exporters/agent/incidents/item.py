"""An incident, and how a report changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.catalogue.operations import SOURCES
from watchbill_exporters.core.records.decode import OTHER, Refusal, RefusedError

if TYPE_CHECKING:
    from watchbill_exporters.core.records.decode import Fields

FIELDS = ("id", "ts", "source", "trace_id", "text", "status")
STATUSES = ("open", "diagnosed", "changed", "deployed", "evaluated")
WAITS_FOR = {"open": "diagnosis", "diagnosed": "change", "changed": "deploy", "deployed": "eval"}
ID_LENGTH = 128
ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")


@dataclass(frozen=True)
class Report:
    """What somebody says of an incident; what is empty says nothing."""

    id: str
    at: float
    source: str = ""
    trace_id: str = ""
    text: str = ""
    status: str = ""


@dataclass(frozen=True)
class Item:
    """An incident in the ledger. `first` and `last` number the rows that made and changed it."""

    id: str
    source: str
    at: float
    since: float
    trace_id: str = ""
    text: str = ""
    status: str = "open"
    has_trace: bool = False
    first: int = 0
    last: int = 0

    @property
    def stage(self) -> str | None:
        """What it waits for; nothing once it is evaluated."""
        return "trace" if self.status == "open" and not self.trace_id else WAITS_FOR.get(self.status)


def parse(fields: Fields, default_id: str, now: float, text_limit: int) -> Report:
    """Return the report of an object. Raises RefusedError."""
    fields.only(*FIELDS)
    given = fields.text("id", default_id, most=ID_LENGTH)
    if not ID_CHARACTERS.issuperset(given) or len(given) > ID_LENGTH:
        raise RefusedError(Refusal.WRONG_SHAPE, "'id' may have letters, digits and . _ : -, 128 of them")
    at = fields.time("ts")
    text = fields.text("text", "", most=1 << 20) if fields.raw.get("text") != "" else ""
    status = fields.raw.get("status") is not None
    source = fields.raw.get("source") is not None
    return Report(
        id=given,
        at=now if at is None else at,
        source=fields.choice("source", (*SOURCES, OTHER)) if source else "",
        trace_id=fields.trace_id() or "",
        text=text if len(text) <= text_limit else text[:text_limit] + "\u2026",
        status=fields.choice("status", STATUSES) if status else "",
    )


def opened(report: Report, number: int) -> Item:
    """Return a new item; who reports without a source is a user."""
    return Item(
        id=report.id,
        source=report.source or "user",
        at=report.at,
        since=report.at,
        trace_id=report.trace_id,
        text=report.text,
        status=report.status or "open",
        has_trace=bool(report.trace_id),
        first=number,
        last=number,
    )


def changed(item: Item, report: Report, number: int) -> Item | None:
    """Return the item as a later report leaves it, or None when that says nothing new.

    What is known stays: a trace id and a text are added once. A status older than the one we have is no news.
    """
    out = replace(item, trace_id=item.trace_id or report.trace_id, text=item.text or report.text)
    if report.status and report.status != item.status and report.at >= item.since:
        out = replace(out, status=report.status)
    if out.stage != item.stage:
        out = replace(out, since=max(report.at, item.since))
    return None if out == item else replace(out, last=number)


def row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "source": item.source,
        "ts": item.at,
        "since": item.since,
        "trace_id": item.trace_id,
        "text": item.text,
        "status": item.status,
        "has_trace": item.has_trace,
        "first": item.first,
        "last": item.last,
    }


def from_row(data: dict[str, Any]) -> Item:
    """Return the item of a ledger's row. Raises KeyError, TypeError or ValueError."""
    return Item(
        id=str(data["id"]),
        source=str(data["source"]),
        at=float(data["ts"]),
        since=float(data["since"]),
        trace_id=str(data["trace_id"]),
        text=str(data["text"]),
        status=str(data["status"]),
        has_trace=bool(data["has_trace"]),
        first=int(data["first"]),
        last=int(data["last"]),
    )
