"""What the exporter says of what it was sent."""

from watchbill_exporters.core.memory.tally.family import counter

SPAN_RESULTS = ("counted", "duplicate", "ignored", "rejected")

OTLP_SPANS = counter("agent_exporter_otlp_spans_total", "Spans received over OTLP.", result=SPAN_RESULTS)
OTLP_RUNS_EXPIRED = counter(
    "agent_exporter_otlp_runs_expired_total", "Runs given up: no root span came within the time to live, or memory."
)
OTLP_LATE_SPANS = counter(
    "agent_exporter_otlp_late_spans_total", "Spans that came after their run was closed; counted, but not per run."
)

FAMILIES = (OTLP_SPANS, OTLP_RUNS_EXPIRED, OTLP_LATE_SPANS)
