"""Spans nobody here wrote: OpenAI's client, three instrumentations from PyPI, the SDK, its exporter, a real Prometheus.

Seen with opentelemetry-sdk 1.45, against a local stub of OpenAI's API:

- opentelemetry-instrumentation-openai-v2 2.4b0: OpenTelemetry's names since 1.37; it says nothing of cached tokens
- openinference-instrumentation-openai 0.1.66: OpenInference; its failed calls name no model
- opentelemetry-instrumentation-openai 0.62 (Traceloop): OpenTelemetry's names since 1.37, and
  `gen_ai.usage.reasoning_tokens` of its own, which its streams do not have
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.exporters.agent.desk import write_config
from tests.exporters.agent.real.stub import MODEL, ModelStub
from tests.exporters.running import Exporting
from tests.exporters.test_prometheus import a_job, scraping
from watchbill_exporters.agent import exporter

if TYPE_CHECKING:
    from lab.prometheus import Prometheus
    from lab.toolchain import Tool

ROOT = Path(__file__).parents[4]
RUNS, CALLS = 3, 18  # 3 turns of 5 calls and a stream; one call fails
SEEN = {
    "opentelemetry": {"gen_ai.provider.name", "gen_ai.operation.name", "gen_ai.usage.input_tokens"},
    "openinference": {"openinference.span.kind", "llm.token_count.prompt", "llm.model_name", "llm.system"},
    "traceloop": {"gen_ai.provider.name", "gen_ai.operation.name", "gen_ai.usage.reasoning_tokens"},
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("openai") is None, reason="needs the extra genai: pip install -e '.[dev,genai]'"),
]


def total(prometheus: Prometheus, selector: str) -> float:
    """Add up the last values: one scrape may fail on a busy machine."""
    return sum(found for _, found in prometheus.query(f"last_over_time({selector}[1m])"))


@pytest.mark.parametrize("instrumentation", SEEN)
def test_instrumented_calls_are_counted_exactly(prometheus: Tool, tmp_path: Path, instrumentation: str) -> None:
    config = write_config(tmp_path, otlp={"settle": "100ms"})
    with (
        ModelStub() as stub,
        Exporting(exporter(), config) as serving,
        scraping(prometheus, tmp_path, a_job(serving, "agent")) as server,
    ):
        module = [sys.executable, "-m", "tests.exporters.agent.real.app"]
        app = subprocess.run(
            [*module, instrumentation, stub.url, serving.url], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert set(json.loads(app.stdout)) >= SEEN[instrumentation]
        agent = f'agent="agent-{instrumentation}"'
        assert wait_until(lambda: total(server, f"agent_runs_total{{{agent}}}") == RUNS, 60)
        good = f'{{{agent},provider="openai",model="{MODEL}"}}'
        assert total(server, f"agent_model_calls_total{good}") == CALLS
        assert total(server, f"agent_model_call_duration_seconds_count{good}") == CALLS
        assert total(server, f"agent_model_calls_total{{{agent}}}") == CALLS + 1
        assert total(server, f"agent_model_call_errors_total{{{agent}}}") == 1
        assert total(server, f"agent_model_calls_per_run_sum{{{agent}}}") == CALLS + 1
        assert total(server, f"agent_input_tokens_total{good}") == CALLS * 1301
        assert total(server, f"agent_output_tokens_total{good}") == CALLS * 107
        cached = 0 if instrumentation == "opentelemetry" else 512
        assert total(server, f"agent_cache_read_input_tokens_total{good}") == CALLS * cached
        cost = CALLS * ((1301 - cached) * 0.15 + cached * 0.075 + 107 * 0.6) / 1e6
        assert total(server, f"agent_cost_usd_total{good}") == pytest.approx(cost)
