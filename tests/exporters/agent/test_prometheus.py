"""A real Prometheus scrapes what files and reports become, and PromQL finds what was put in."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from lab.prometheus import Prometheus
from tests.exporters.agent.desk import append
from tests.exporters.agent.example import TOKEN, unpack
from tests.exporters.running import Exporting
from watchbill_exporters.agent import exporter

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

TRACE = "0af7651916cd43dd8448eb211c80319c"
PATIENCE = 60


def feed(folder: Path, running: Exporting) -> None:
    """Put in a known number of everything."""
    now, logs = time.time(), folder / "logs"
    for number in range(13):
        stream = {"stream": f"live-{number}"}
        opened = {"ts": now - 60, "event": "open", "agent": "research", "trace_id": TRACE, **stream}
        ended = {"ts": now - 9, "event": "end", "outcome": "completed" if number else "client_closed", **stream}
        append(logs / "edge.jsonl", opened, {"ts": now - 57, "event": "data", **stream}, ended)
    for number in range(170):
        task = {"experiment": "checkout", "bucket": number % 32, "cost_usd": 0.5}
        variant, outcome = ("treatment", "success") if number % 2 else ("control", "success" if number % 4 else "error")
        append(logs / "experiments.jsonl", {**task, "variant": variant, "outcome": outcome})
    for number in range(7):
        body = json.dumps({"id": f"http-{number}", "trace_id": TRACE}).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        assert running.post("/incidents", body, headers=headers).status_code == 201


def grouped(rows: list[tuple[dict[str, str], float]], *names: str) -> dict[tuple[str, ...], float]:
    return {tuple(labels[name] for name in names): value for labels, value in rows}


@pytest.mark.slow
def test_what_was_put_in_is_what_promql_finds(prometheus: Tool, tmp_path: Path) -> None:
    config = unpack(tmp_path / "exporter")
    with Exporting(exporter(), config) as running:
        job = {"job_name": "agent", "static_configs": [{"targets": [f"127.0.0.1:{running.port}"]}]}
        settings: dict[str, Any] = {
            "global": {"scrape_interval": "2s", "scrape_timeout": "2s"},
            "scrape_configs": [job],
        }
        flags = ("--enable-feature=exemplar-storage",)
        with Prometheus(prometheus.path, tmp_path / "prometheus", settings, flags=flags) as server:
            reports = 'agent_exporter_lines_total{input="incidents"} == 3'
            assert wait_until(lambda: server.query(reports), PATIENCE)
            time.sleep(3)  # the example is in the first samples, what follows is an increase
            feed(config.parent, running)
            experiments = 'agent_exporter_lines_total{input="experiments"} == 172'
            assert wait_until(lambda: server.query(experiments), PATIENCE)
            assert wait_until(lambda: server.query('agent_exporter_lines_total{input="streams"} == 51'), PATIENCE)
            time.sleep(3)

            # the stream that is open in the example is long over by today's clock
            stalled = server.query('sum by (outcome) (agent_streams_total{agent="research"})')
            assert grouped(stalled, "outcome") == {
                ("completed",): 12, ("stalled",): 3, ("client_closed",): 0, ("error",): 0, ("truncated",): 0
            }  # fmt: skip
            gap = server.query("agent_stream_max_gap_seconds_sum / (agent_stream_max_gap_seconds_count > 12)")
            assert gap[0][1] == pytest.approx(48, abs=0.01)
            incidents = server.query("sum by (source, has_trace) (agent_incidents_total)")
            assert grouped(incidents, "source", "has_trace")["user", "true"] == 8

            tasks = server.query('sum by (variant) (agent_experiment_tasks_total{outcome="success"})')
            assert grouped(tasks, "variant") == {("control",): 43, ("treatment",): 85}
            ratio = server.query(
                "sum by (variant) (agent_experiment_cost_usd_total)"
                ' / sum by (variant) (agent_experiment_tasks_total{outcome="success"})'
            )
            assert grouped(ratio, "variant") == {
                ("control",): pytest.approx(42.75 / 43), ("treatment",): pytest.approx(43 / 85)
            }  # fmt: skip
            buckets = (
                'count by (variant) (sum by (variant, bucket) (agent_experiment_tasks_total{experiment="checkout"}))'
            )
            assert grouped(server.query(buckets), "variant") == {("control",): 32, ("treatment",): 32}

            age = server.query('time() - agent_improvement_stage_oldest_timestamp_seconds{stage="trace"}')
            assert age[0][1] == pytest.approx(time.time() - 1_763_999_100, abs=30)
            info = server.query(
                "agent_release_info * on (agent) group_left () max by (agent) (agent_streams_total >= bool 0)"
            )
            assert [labels["release"] for labels, _ in info] == ["2025-11-24.3"]
            assert server.query("absent(agent_exporter_state_last_success_timestamp_seconds)") == []
            found = server.exemplars("agent_stream_max_gap_seconds_bucket")
            assert {"trace_id": TRACE} in [exemplar["labels"] for exemplar in found]
