"""The knowledge that ships: whole, runnable, and of metrics that somebody exposes."""

from __future__ import annotations

import re

import promql_parser
import pytest

from lab.toolchain import ROOT
from tests.bundle.specs import SPECS, plan_of
from watchbill.knowledge import HEADINGS, PLACEHOLDERS, Topic, pieces
from watchbill.knowledge.library import packaged
from watchbill.knowledge.links import dead_links
from watchbill.knowledge.placeholders import filled
from watchbill.knowledge.queries import promql_blocks
from watchbill.knowledge.reading import FENCE
from watchbill.promql import selectors

every_topic = pytest.mark.parametrize("topic", packaged().values(), ids=packaged())
VALUES = {**dict.fromkeys(PLACEHOLDERS, "x"), "scope": 'job="a"', "where": 'job="a",agent="$agent"'}
VOCABULARY = frozenset({
    "agent_runs_total", "agent_run_errors_total", "agent_run_oldest_active_start_timestamp_seconds",
    "agent_model_calls_total", "agent_model_call_errors_total", "agent_time_to_first_token_seconds_bucket",
    "agent_tool_calls_total", "agent_tool_call_duration_seconds_bucket", "agent_limit_hits_total",
    "agent_guardrail_actions_total", "agent_input_tokens_total", "agent_cache_read_input_tokens_total",
    "agent_stream_first_event_seconds_bucket", "agent_stream_max_gap_seconds_bucket", "agent_streams_total",
    "agent_stream_stalls_total", "agent_stream_reconnects_total", "agent_eval_results_total",
    "agent_eval_candidates_total", "agent_judge_agreement_ratio", "agent_release_info", "queue_jobs",
    "queue_oldest_ready_timestamp_seconds", "queue_enqueued_total", "queue_finished_total", "queue_retried_total",
    "queue_run_seconds_bucket", "queue_worker_slots", "backup_last_success_timestamp_seconds",
    "backup_last_attempt_timestamp_seconds", "backup_last_duration_seconds", "backup_repository_locked",
    "restore_test_last_success_timestamp_seconds", "restore_test_last_run_success", "restore_test_mismatches",
    "restore_test_duration_seconds", "restore_test_recovery_point_timestamp_seconds", "backup_last_size_bytes",
    "backup_check_last_success_timestamp_seconds", "backup_up", "backup_scrape_error",
    "agent_cost_usd_total", "agent_unpriced_tokens_total", "agent_price_table_timestamp_seconds",
    "queue_run_seconds_sum", "queue_run_seconds_count", "queue_schedule_next_due_timestamp_seconds",
    "queue_schedule_fanout_jobs_sum", "queue_schedule_fanout_jobs_count", "queue_schedule_missed_total",
    "sandboxes", "sandbox_starts_total", "sandbox_exits_total", "sandbox_start_failures_total",
    "sandbox_start_duration_seconds_bucket", "sandbox_oldest_start_timestamp_seconds",
    "store_newest_write_timestamp_seconds", "store:size_bytes:max1d",
})  # fmt: skip
COMPUTED = {"budget-burn", "http-latency", "spend-allowance", "spend-sources", "traffic-collapse"}
"""Topics whose first look is the queries that the page computes."""
OF_PROMETHEUS = re.compile(r"up|ALERTS|(?:scrape|process|prometheus|alertmanager)_\w+|slo:[a-z_]+:\w+|")


@every_topic
def test_a_topic_has_every_section_and_no_other(topic: Topic) -> None:
    assert [s.heading for s in topic.sections] == list(HEADINGS)
    assert topic.title
    assert topic.lead is None
    assert topic.metrics or topic.families


@every_topic
@pytest.mark.parametrize("heading", ["First look", "Diagnose"])
def test_a_diagnosis_has_something_to_run_and_says_what_to_expect(topic: Topic, heading: str) -> None:
    section = topic.section(heading)
    assert section is not None
    runnable = len(re.findall(r"```(?:promql|sh)\n", section.text))
    assert runnable or (topic.name in COMPUTED and heading == "First look")
    assert len(re.findall(r"Expected", section.text)) >= runnable


@every_topic
def test_steps_are_numbered_where_things_are_done(topic: Topic) -> None:
    for heading in ("First look", "Mitigate", "Diagnose"):
        section = topic.section(heading)
        assert section is not None
        assert section.text.startswith("1. "), (topic.name, heading)


@every_topic
def test_every_placeholder_is_known_and_every_link_leads_somewhere(topic: Topic) -> None:
    for section in topic.sections:
        cut = pieces(section.text)
        assert cut.broken == ()
        assert {s.name for s in cut.slots} <= PLACEHOLDERS.keys()
        assert list(dead_links(section, ())) == []


@every_topic
def test_every_query_parses_with_and_without_groups_and_reads_known_metrics(topic: Topic) -> None:
    for section in topic.sections:
        for _, query in promql_blocks(section.text):
            for values in (VALUES, {k: v for k, v in VALUES.items() if k not in {"scope", "where"}}):
                parsed = promql_parser.parse(filled(query, values))
                names = {s.name or "" for s in selectors(parsed)}
                assert {n for n in names if not OF_PROMETHEUS.fullmatch(n)} <= VOCABULARY, section.heading


@every_topic
def test_every_block_says_what_it_is_and_lines_stay_readable(topic: Topic) -> None:
    for section in topic.sections:
        marks = [m for m in (FENCE.match(line) and line.strip() for line in section.text.split("\n")) if m]
        assert set(marks[::2]) <= {"```promql", "```sh", "```text"}
        lines = [line for line in section.text.split("\n") if not line.lstrip().startswith("|")]
        assert max(map(len, lines), default=0) <= 150


def test_every_family_of_alerts_has_a_text() -> None:
    families = {a.family for spec in SPECS for a in plan_of(spec).alerts()} | {"watchdog", "exporter-down"}
    assert families <= {f for t in packaged().values() for f in t.families}


def test_the_files_are_in_the_package_and_found_by_name() -> None:
    folder = ROOT / "generator" / "watchbill" / "knowledge" / "topics"
    assert {p.stem for p in folder.glob("*.md")} == set(packaged())
    assert len(packaged()) >= 15
