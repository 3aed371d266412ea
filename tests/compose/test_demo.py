"""The demo, whole: it starts, all it names is there, a fault pages the right people, and nothing is left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from lab.toolchain import ROOT, alertmanagers, prometheis, promtools
from tests.bundle.specs import plan_of
from tests.compose.running import DOWN, Demo
from watchbill.kinds.budgets import Budget
from watchbill.kinds.capacity import Fanout, Pool, Queue, Store
from watchbill.kinds.recovery import Recovery
from watchbill.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchbill.kinds.item import Item

QUIET = 180
"""Seconds after the start for which nobody may be told of anything."""
TOOLS = bool(prometheis() and promtools() and alertmanagers())
pytestmark = [
    pytest.mark.demo,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("demo of the stack"),
    pytest.mark.skipif(not TOOLS, reason="not available: prometheus, promtool or alertmanager"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One for all tests here but those of how it begins and ends."""
    with Demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def test_it_prints_where_everything_is_and_all_of_it_answers(demo: Demo) -> None:
    urls = demo.get("/urls")
    assert {"prometheus", "alertmanager", "runbooks", "control"} <= urls.keys()
    assert all(url in demo.said() for url in urls.values())
    pages = {"prometheus": "/-/ready", "alertmanager": "/-/ready"}  # Debian's Alertmanager has no page at its root
    assert all(demo.session.get(url + pages.get(name, ""), timeout=10).ok for name, url in urls.items())


def test_every_target_is_up(demo: Demo) -> None:
    jobs = {"agents", "sandbox", "gateway", "simulator", "prometheus", "alertmanager"}
    processes = {one["name"] for one in demo.get("/processes")}
    jobs |= {"queue", "scheduler"} if "queue-exporter" in processes else set()
    jobs |= {"backup"} if "backup-exporter" in processes else set()

    def up() -> bool:
        rows = demo.prometheus.query('up{instance!="instance-1"}')
        return {labels["job"] for labels, value in rows if value == 1} >= jobs and all(value for _, value in rows)

    assert wait_until(up, 120), demo.prometheus.query("up")


def test_budgets_are_alive_at_once(demo: Demo) -> None:
    names = {slo.name for slo in load([ROOT / "watchbill.yaml"]).document.slos}
    rows = demo.prometheus.query("last_over_time(slo:error_budget_remaining:ratio[15m])")
    assert {labels["slo"] for labels, _ in rows} == names
    assert all(0.2 < value <= 1 for _, value in rows), rows


ALIVE: list[tuple[str, str, type[Item]]] = [
    ("budget:spent:ratio", "budget", Budget),
    ("budget:forecast:ratio", "budget", Budget),
    ("queue:wait_seconds:estimate", "capacity", Queue),
    ("fanout:drain_seconds:estimate", "capacity", Fanout),
    ("pool:saturation:ratio", "capacity", Pool),
    ("store:fill:ratio", "capacity", Store),
    ("recovery:point:timestamp_seconds", "recovery", Recovery),
    ("recovery:restore:success", "recovery", Recovery),
    ("recovery:size:median14d", "recovery", Recovery),
]


@pytest.mark.parametrize(("record", "label", "kind"), ALIVE, ids=lambda one: one if isinstance(one, str) else "")
def test_every_dashboard_is_alive_at_once(demo: Demo, record: str, label: str, kind: type[Item]) -> None:
    wanted = {item.name for _, item in load([ROOT / "watchbill.yaml"]).document.items if isinstance(item, kind)}
    rows = demo.prometheus.query(f"last_over_time({record}[15m])")
    assert wanted
    assert {labels[label] for labels, _ in rows} == wanted


def test_what_is_spent_is_within_its_allowance(demo: Demo) -> None:
    """As a share of what is planned by now: at the begin of a month or week next to nothing is spent."""
    spent, planned = (f"last_over_time(budget:{what}:ratio[15m])" for what in ("spent", "planned"))
    assert demo.prometheus.query(spent)
    assert demo.prometheus.query(f"{spent} >= 0.95") == []
    assert demo.prometheus.query(f"{spent} / on (budget) group_left () {planned} <= 0.1") == []
    assert demo.prometheus.query(f"{spent} unless on (budget) {planned}") == []


@pytest.mark.parametrize(
    "query",
    [
        "sum(agent_runs_total) > 5",
        "sum(agent_cost_usd_total) > 0",
        'agent_runs_in_progress{graph_version="g42"} > 0',
        'sum(agent_streams_total{outcome="completed"}) > 5',
        'sum(agent_stream_reconnects_total{result="resumed"}) > 0',
        'sum(agent_eval_results_total{mode="online"}) > 5',
        "sum(agent_experiment_tasks_total) > 0",
        "count(agent_release_info) == 3",
        'sum(sandbox_exits_total{reason="completed"}) > 0',
        "probe_success == 1",
        'sum(litellm_spend_metric_total{instance=~"127.+"}) > 0',
        'count(queue_schedule_last_fired_timestamp_seconds{job="queue",instance=~"127.+"}) == 2',
        'queue_workers{queue="runs",instance=~"127.+"} == 1',
        'count(backup_last_attempt_success{instance=~"127.+"} == 1) == 3',
        'count(backup_check_last_success_timestamp_seconds{instance=~"127.+"}) == 2',
        'count(restore_test_last_run_success{instance=~"127.+"} == 1) == 3',
    ],
)
def test_the_platform_drives_what_is_watched(demo: Demo, query: str) -> None:
    if (job := re.search("queue|backup|restore", query)) and (
        DOWN,
        job[0].replace("restore", "backup"),
    ) in demo.always():
        pytest.skip(f"not available: {job[0]} cannot run here")
    assert wait_until(lambda: demo.prometheus.query(query), 120), query


def test_what_exporters_refuse_is_nothing(demo: Demo) -> None:
    refused = "sum by (job, input, reason) ({__name__=~'.+_exporter_lines_refused_total'}) > 0"
    assert demo.prometheus.query(refused) == []
    assert demo.prometheus.query("sum(agent_exporter_manifest_faults) > 0") == []


def test_the_control_api_keeps_to_its_contract(demo: Demo) -> None:
    faults = demo.get("/faults")
    assert all(fault.keys() == {"name", "about", "alerts"} for fault in faults)
    assert {"runs-fail", "agent-exporter-down", "simulator-down"} <= {fault["name"] for fault in faults}
    known = {alert.name for alert in plan_of("reference").alerts()}
    assert {alert for fault in faults for alert in fault["alerts"]} <= known
    assert wait_until(lambda: demo.get("/received?since=0"), 180)
    assert all(
        row.keys() == {"receiver", "status", "labels", "annotations", "at"} for row in demo.get("/received?since=0")
    )
    assert demo.get(f"/received?since={time.time() + 60}") == []


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/faults/runs-fial", {"on": True}, 404, "there is no fault runs-fial"),
        ("/faults/runs-fail", {"on": "yes"}, 400, 'say {"on": true}'),
        ("/faults/runs-fail", None, 400, "the body is no JSON"),
        ("/processes/prometeus", {"run": True}, 404, "there is no process prometeus"),
        ("/hook/anybody", {"alerts": [{}]}, 400, "this is no notification"),
        ("/nowhere", {}, 404, "nothing is at /nowhere"),
    ],
)
def test_what_cannot_be_done_is_said(demo: Demo, path: str, body: object, status: int, says: str) -> None:
    answer = demo.post(path, body)
    assert (answer.status_code, says in answer.json()["error"]) == (status, True), answer.text


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="not available: redis-server")
def test_a_child_that_dies_is_named_with_its_last_words_and_can_be_started_again(demo: Demo) -> None:
    [pid] = [one["pid"] for one in demo.get("/processes") if one["name"] == "redis"]
    os.kill(pid, signal.SIGKILL)
    said = re.compile("redis was killed by SIGKILL; its last words:.*Ready to accept connections", re.DOTALL)
    assert wait_until(lambda: said.search(demo.said()), 60), demo.said()
    assert demo.post("/processes/redis", {"run": True}).ok
    assert wait_until(lambda: all(one["running"] for one in demo.get("/processes")), 60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--days=1")
    demo.spawn()
    demo.wait_started()
    assert demo.end(number) == 0, demo.said()
    # children of its children are killed last, which takes the kernel a moment
    assert wait_until(lambda: not demo.processes(), 10), demo.processes()
    assert demo.left_over() == []


def test_killed_it_takes_all_its_processes_along(tmp_path: Path) -> None:
    """Also one that is held still; the folder stays, as nobody is left to remove it."""
    demo = Demo(tmp_path, "--days=1")
    demo.spawn()
    demo.wait_started()
    if shutil.which("redis-server"):
        demo.switch("redis-paused", on=True)
    assert len(demo.processes()) >= 6
    demo.process.kill()
    demo.process.wait()
    assert wait_until(lambda: not demo.processes(), 30), demo.processes()
    assert [path.name.startswith("watchbill-demo-") for path in (tmp_path / "tmp").iterdir()] == [True]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_ended_while_it_starts_it_leaves_nothing_behind_either(number: signal.Signals, tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--days=1")
    demo.spawn()
    assert wait_until(lambda: list((tmp_path / "tmp").glob("*/history/*.log")), 120), demo.said()
    code = demo.end(number)
    if number is signal.SIGKILL:
        assert wait_until(lambda: not demo.processes(), 30), demo.processes()
        return
    assert code == 0, demo.said()
    assert wait_until(lambda: not demo.processes(), 10), demo.processes()
    assert demo.left_over() == []


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    demo = Demo(tmp_path, "--days=1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port("edge")))
        taken.listen()
        demo.spawn()
        assert demo.process.wait(60) == 1
    assert f"ports in use: {demo.port('edge')} (edge)" in demo.said()
    assert demo.left_over() == []


def test_it_is_quiet_after_the_start(demo: Demo) -> None:
    """It comes last: the tests above use the time."""
    time.sleep(max(0.0, demo.started + QUIET - time.time()))
    assert demo.told(0) - demo.always() == set(), demo.received(0)
