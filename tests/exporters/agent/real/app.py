"""An agent as users write one: OpenAI's client, an instrumentation, the OpenTelemetry SDK, its OTLP/HTTP exporter.

`python -m tests.exporters.agent.real.app INSTRUMENTATION MODEL_URL OTLP_URL` prints the attributes it saw, as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from typing import TYPE_CHECKING

import openai
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTRUMENTATIONS = {
    "opentelemetry": "opentelemetry.instrumentation.openai_v2",
    "openinference": "openinference.instrumentation.openai",
    "traceloop": "opentelemetry.instrumentation.openai",
}
RUNS, CALLS = 3, 5


class Seen(SpanExporter):
    """Remembers the names of attributes."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            self.names |= set(span.attributes or ())
        return SpanExportResult.SUCCESS


def main(instrumentation: str, model_url: str, otlp_url: str) -> None:
    seen = Seen()
    provider = TracerProvider(resource=Resource.create({"service.name": f"desk-{instrumentation}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{otlp_url}/v1/traces")))
    provider.add_span_processor(SimpleSpanProcessor(seen))
    trace.set_tracer_provider(provider)
    module = INSTRUMENTATIONS[instrumentation]
    instrumentor = importlib.import_module(module).OpenAIInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    client = openai.OpenAI(base_url=model_url, api_key="none", max_retries=0)
    for run in range(RUNS):
        said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": f"agent-{instrumentation}"}
        with trace.get_tracer("app").start_as_current_span("invoke_agent", attributes=said):
            _turn(client, run)
    provider.shutdown()
    print(json.dumps(sorted(seen.names)))


def _turn(client: openai.OpenAI, run: int) -> None:
    for _ in range(CALLS):
        client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "is all well?"}])
    stream = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "is all well?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for _ in stream:
        pass
    if run == 0:
        with contextlib.suppress(openai.InternalServerError):
            client.chat.completions.create(model="broken", messages=[{"role": "user", "content": "?"}])


if __name__ == "__main__":
    main(*sys.argv[1:])
