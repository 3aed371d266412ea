"""The agent exporter: traces, streams, evaluations, incidents and releases become metrics."""

from __future__ import annotations

from watchbill_exporters.agent.evaluations.feed import EvaluationsSource
from watchbill_exporters.agent.experiments.feed import ExperimentsSource
from watchbill_exporters.agent.hub import Hub
from watchbill_exporters.agent.incidents.feed import IncidentsSource
from watchbill_exporters.agent.labels import LabelsSource
from watchbill_exporters.agent.otlp import OtlpSource
from watchbill_exporters.agent.releases.feed import ReleasesSource
from watchbill_exporters.agent.streams.feed import StreamsSource
from watchbill_exporters.core.contract import Exporter
from watchbill_exporters.core.memory.state import StateSource


def exporter(hub: Hub | None = None) -> Exporter:
    """Return the exporter around one hub; tests make their own."""
    shared = hub or Hub()
    return Exporter(
        name="agent",
        prefix="agent",
        about="Runs, calls, tokens, cost, streams, evaluations and incidents of LLM agents.",
        port=4318,
        feeds=(
            LabelsSource(shared),
            StateSource(shared),
            OtlpSource(shared),
            StreamsSource(shared),
            EvaluationsSource(shared),
            ExperimentsSource(shared),
            IncidentsSource(shared),
            ReleasesSource(shared),
        ),
    )


EXPORTER = exporter()
