"""A real Prometheus scrapes a real repository, and the alert conditions of an operator hold and do not hold."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from lab.prometheus import Prometheus
from tests.exporters.backup.place import write
from tests.exporters.backup.test_wrap import command
from tests.exporters.running import Exporting
from watchbill_exporters.backup import EXPORTER

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool
    from tests.exporters.backup.tools import Restic

PATIENCE = 60
TOO_OLD = "time() - backup_recovery_point_timestamp_seconds > 3600"
FAILED = 'backup_last_attempt_success{repository="nas"} == 0'
FINE = (  # in one question, for a scrape that fails shows neither
    "count(time() - backup_recovery_point_timestamp_seconds <= 3600) == 2 and on () "
    'backup_last_attempt_success{repository="nas"} == 1'
)


@pytest.mark.slow
def test_what_is_backed_up_is_what_promql_finds(prometheus: Tool, restic: Restic, tmp_path: Path) -> None:
    restic.backup(time.time() - 7200, host="old")
    restic.backup(time.time() - 60, host="new")
    state = tmp_path / "state"
    state.mkdir()
    wrap = command(state, "false", flags=("--repository", "nas"))
    subprocess.run(wrap, check=False)
    with Exporting(EXPORTER, write(tmp_path, restic.target(refresh="500ms", timeout="20s", state="state"))) as running:
        job = {"job_name": "backup", "static_configs": [{"targets": [f"127.0.0.1:{running.port}"]}]}
        settings: dict[str, Any] = {
            "global": {"scrape_interval": "2s", "scrape_timeout": "2s"}, "scrape_configs": [job],
        }  # fmt: skip
        with Prometheus(prometheus.path, tmp_path / "prometheus", settings) as server:
            assert wait_until(lambda: server.query("backup_up == 1"), PATIENCE)
            assert [labels["source"] for labels, _ in server.query(TOO_OLD)] == ["old"]
            assert [labels["source"] for labels, _ in server.query(FAILED)] == ["db"]

            restic.backup(time.time(), host="old")
            subprocess.run([*wrap[:-1], "true"], check=True)

            assert wait_until(lambda: server.query(FINE), PATIENCE)
            assert server.query(TOO_OLD) == server.query(FAILED) == []
            restic.repository.rename(tmp_path / "away")
            assert wait_until(lambda: server.query('backup_scrape_error{reason="connect"}'), PATIENCE)
            assert wait_until(lambda: not server.query("backup_recovery_point_timestamp_seconds"), PATIENCE)

            def kept() -> set[str]:
                return {labels["source"] for labels, _ in server.query("backup_last_success_timestamp_seconds")}

            assert wait_until(lambda: kept() == {"old", "new", "db"}, PATIENCE)
