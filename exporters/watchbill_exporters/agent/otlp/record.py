"""One span as we keep it, whichever convention it was written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from watchbill_exporters.agent.otlp.table import PROVIDERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.agent.listeners import Scalar, SpanEvent

UNKNOWN = "unknown"


class Origin(NamedTuple):
    """What the resource says of all its spans."""

    agent: str = UNKNOWN
    version: str = ""


class Record(NamedTuple):
    """Frozen; times in nanoseconds since 1970. None is unknown. The order of `operation` and on is that of Slot."""

    kind: Kind
    span_id: bytes
    parent_id: bytes
    started: int
    ended: int
    failed: bool
    origin: Origin
    marks: tuple[Mapping[str, Scalar], ...] = ()
    """What only some spans say: limits, guardrails, experiments; of the span, then of each of its events."""
    events: tuple[SpanEvent, ...] = ()
    operation: str | None = None
    agent: str | None = None
    provider: str | None = None
    request_model: str | None = None
    response_model: str | None = None
    tool: str | None = None
    entity: str | None = None
    error_type: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    first_token: float | None = None

    @property
    def seconds(self) -> float:
        return max(0, self.ended - self.started) / 1e9


def provider_name(given: str | None) -> str:
    """Return the provider as OpenTelemetry writes it."""
    if given is None:
        return UNKNOWN
    name = given.lower()
    return PROVIDERS.get(name, name)
