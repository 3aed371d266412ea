"""OpenTelemetry's SDK, set up as an application does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

EVERY_MS = 1000
PATIENCE_MS = 10_000
"""The exporter may just be starting: batches are sent again for so long."""


class Telemetry:
    """Spans of the platform, sent in batches from a thread of their own."""

    def __init__(self, exporter: str) -> None:
        self._provider = TracerProvider(resource=Resource({"service.name": "support-agents"}), shutdown_on_exit=False)
        sending = OTLPSpanExporter(f"{exporter}/v1/traces", timeout=PATIENCE_MS / 1000)
        self._provider.add_span_processor(BatchSpanProcessor(sending, schedule_delay_millis=EVERY_MS))
        self.tracer: Tracer = self._provider.get_tracer("compose.simulator")

    def close(self) -> None:
        self._provider.force_flush(PATIENCE_MS)
        self._provider.shutdown()
