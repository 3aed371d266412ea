"""Our exporters on real back ends, a real Prometheus, and the reference bundle's own expressions: they return data."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis as Client
from rq import Queue

from lab.process import wait_until
from lab.prometheus import Prometheus
from lab.toolchain import Tool, prometheis
from tests.bundle.specs import plan_of
from tests.exporters.agent.desk import write_config
from tests.exporters.backup.conftest import empty_restic, need, restic  # noqa: F401 - fixtures
from tests.exporters.backup.place import write as backup_config
from tests.exporters.backup.test_checkpoints import SQLITE_TABLES, uuid6
from tests.exporters.queue.rq.jobs import nap
from tests.exporters.queue.rq.test_rq import worker
from tests.exporters.queue.worlds import World, redis_target, watched_redis
from tests.exporters.running import Exporting
from tests.exporters.sandbox.running import config as sandbox_config
from watchbill.targets.rules import text
from watchbill_exporters.agent import exporter as agent
from watchbill_exporters.backup import EXPORTER as BACKUP
from watchbill_exporters.sandbox import exporter as sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.backup.tools import Restic
    from watchbill.model import RuleFile

UNITS = ("run-queue", "sandboxes", "checkpoint-store", "checkpoints", "sandbox-minutes", "model-calls")
PATIENCE = 240
SILENT = {
    "queue:arrivals:rate1h": "RQ keeps no count of what was put in",
    "pool:failed_starts_errors:increase30s": "takes its zeros from recorded tiles, once a start has failed",
    "recovery:attempt:success": "no backup was wrapped",
    "recovery:check:timestamp_seconds": "no check was wrapped",
    "recovery:size:bytes": "restic 0.14 tells no size",
    "recovery:size:median14d": "restic 0.14 tells no size",
    "recovery:restore:timestamp_seconds": "no restore was tested",
    "recovery:restore:success": "no restore was tested",
    "recovery:restore:duration_seconds": "no restore was tested",
    "recovery:restore:mismatches": "no restore was tested",
    "recovery:restore_point:timestamp_seconds": "no restore was tested",
    "recovery:restore_lost:seconds": "no restore was tested",
}
"""What has nothing to tell in this small world, and why."""


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def checkpoints(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.executescript(SQLITE_TABLES)
        database.execute("insert into checkpoints values ('t', '', ?, null, 'x', x'00', x'00')", (uuid6(time.time()),))


@pytest.mark.slow
@pytest.mark.skipif(not prometheis(), reason="no prometheus is available")
@pytest.mark.timeout(600)
def test_what_the_reference_bundle_asks_of_its_inputs_is_answered(restic: Restic, tmp_path: Path) -> None:  # noqa: F811 - the imported fixture
    now = time.time()
    restic.backup(now - 600, host="checkpoints")
    checkpoints(tmp_path / "checkpoints.sqlite")
    log = tmp_path / "sandboxes.jsonl"
    start = {"event": "started", "pool": "default", "runtime": "runc", "requested_at": now - 3}
    log.write_text(lines({**start, "id": "a", "at": now - 1}, {**start, "id": "b", "at": now - 2}))
    with ExitStack() as stack:
        redis = stack.enter_context(watched_redis(tmp_path / "redis"))
        client = stack.enter_context(Client(port=redis.port))
        queue = stack.enter_context(World(tmp_path / "queue", **redis_target("rq", redis)))
        stack.enter_context(worker(tmp_path / "worker", redis, "runs"))
        jobs = Queue("runs", connection=client)
        agents = write_config(tmp_path, labels={"agents": ["support", "billing"]}, otlp={})
        boxes = sandbox_config(
            tmp_path, pools={"capacity": {"default": 4}}, lifecycle={"files": [str(log)], "existing": "read"}
        )
        store = {"kind": "checkpoints", "name": "checkpoints", "sqlite": "checkpoints.sqlite", "refresh": "1s"}
        backups = backup_config(tmp_path, restic.target(name="local", refresh="2s", timeout="20s"), store)
        running = {
            "queue": queue.running,
            "agents": stack.enter_context(Exporting(agent(), agents)),
            "sandbox": stack.enter_context(Exporting(sandbox(), boxes)),
            "backup": stack.enter_context(Exporting(BACKUP, backups)),
        }
        units = [unit for unit in plan_of("reference").units if unit.name in UNITS]
        files = [file for unit in units for file in unit.files if file.reads_inputs]
        rules = written(files, tmp_path / "rules")
        server = stack.enter_context(served(prometheis()[-1], tmp_path / "prometheus", running, rules))
        wanted = {rule.record for file in files for rule in file.records()} - SILENT.keys()
        assert len(wanted) > 20

        def silent() -> list[str]:
            for _ in range(5):
                jobs.enqueue(nap, 2)
            return sorted(name for name in wanted if not server.query(f"last_over_time({name}[5m])"))

        wait_until(lambda: not silent(), PATIENCE, 5)
        assert silent() == []


def written(files: list[RuleFile], folder: Path) -> Path:
    """Write rules as they are, but for groups of minutes and hours: their data is there after seconds."""
    folder.mkdir()
    for file in files:
        (folder / file.path).write_text(re.sub(r"interval: \d+[mh]", "interval: 15s", text(file)), encoding="utf-8")
    return folder


def served(tool: Tool, folder: Path, running: dict[str, Exporting], rules: Path) -> Prometheus:
    jobs = [
        {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{one.port}"]}]} for name, one in running.items()
    ]
    settings = {
        "global": {"scrape_interval": "2s", "scrape_timeout": "2s"},
        "rule_files": [f"{rules}/*.yml"],
        "scrape_configs": jobs,
    }
    return Prometheus(tool.path, folder, settings)
