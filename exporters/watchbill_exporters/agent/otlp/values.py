"""Attribute values, whatever type they were sent as."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.listeners import SpanEvent
from watchbill_exporters.agent.otlp.record import UNKNOWN, Origin
from watchbill_exporters.agent.otlp.table import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.agent.listeners import Scalar

LONGEST_TEXT = 256
MOST_TOKENS = 1_000_000_000  # in one call; more is a broken sender
MOST_EVENTS = 1024


def scalar(value: Any) -> Scalar | None:
    """Return the value of an AnyValue; None for lists and maps. Texts are cut, numbers are finite."""
    match value.WhichOneof("value"):
        case "string_value":
            return str(value.string_value[:LONGEST_TEXT])
        case "int_value":
            return int(value.int_value)
        case "double_value":
            return float(value.double_value) if math.isfinite(value.double_value) else None
        case "bool_value":
            return bool(value.bool_value)
        case _:
            return None


def text(value: Any) -> str | None:
    found = scalar(value)
    return str(found) if found is not None and found != "" else None


def count(value: Any) -> int | None:
    """Return a number of tokens; None when it is none, or negative, or beyond belief."""
    found = scalar(value)
    if isinstance(found, str):
        found = int(found) if found.isascii() and found.isdecimal() else None
    return int(found) if found is not None and 0 <= found <= MOST_TOKENS else None


def number(value: Any) -> float | None:
    found = scalar(value)
    if isinstance(found, str | bool) or found is None or found < 0:
        return None
    return float(found)


def marks_of(attributes: Iterable[Any]) -> dict[str, Scalar]:
    """Return those attributes that MARKS names."""
    out: dict[str, Scalar] = {}
    for one in attributes:
        name = MARKS.get(one.key)
        if name is not None and (found := scalar(one.value)) is not None:
            out.setdefault(name, found)
    return out


def events_of(events: Iterable[Any]) -> tuple[SpanEvent, ...]:
    return tuple(_event(one) for one, _ in zip(events, range(MOST_EVENTS), strict=False))


def _event(event: Any) -> SpanEvent:
    found = ((one.key, scalar(one.value)) for one in event.attributes)
    attributes = {key: value for key, value in found if value is not None}
    return SpanEvent(event.name[:LONGEST_TEXT], event.time_unix_nano / 1e9, attributes)


def origin_of(attributes: Iterable[Any]) -> Origin:
    """Return what a resource says: the agent it names, else the service."""
    found = {one.key: one.value for one in attributes}
    names = (text(found[key]) for key in ("gen_ai.agent.name", "service.name") if key in found)
    versions = (text(found[k]) for k in ("watchbill.graph.version", "service.version") if k in found)
    return Origin(next(filter(None, names), UNKNOWN), next(filter(None, versions), ""))
