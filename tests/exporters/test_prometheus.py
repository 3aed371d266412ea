"""A real Prometheus, in every version here, scrapes over TLS with a client certificate and a password."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import Metric
from prometheus_client.samples import Exemplar

from lab.process import wait_until
from lab.prometheus import Prometheus
from tests.exporters.certificates import PASSWORD, Certificates, users
from tests.exporters.configs import a_target, write
from tests.exporters.fixed import Fixed
from tests.exporters.running import Exporting
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core.contract import Exporter

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool
    from tests.exporters.redis_server import Redis

VALUES = [
    "",
    " ",
    '"',
    "\\",
    "\n",
    '\\n"',
    "a\\",
    "\r\t\x0b\x1f\x7f",
    "\u2028\u0085",
    "é",
    "漢字",
    "😀",
    "\ufeff",
    "}{,=#",
]
PATIENCE = 60


def _version(tool: Tool) -> tuple[int, ...]:
    return tuple(int(part) for part in tool.version.split("."))


def a_job(running: Exporting, name: str, **more: Any) -> dict[str, Any]:
    return {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{running.port}"]}], **more}


def scraping(prometheus: Tool, tmp_path: Path, *jobs: dict[str, Any]) -> Prometheus:
    config = {"global": {"scrape_interval": "2s", "scrape_timeout": "2s"}, "scrape_configs": list(jobs)}
    flags = ("--enable-feature=exemplar-storage",)
    return Prometheus(prometheus.path, tmp_path / "prometheus", config, flags=flags)


def last(server: Prometheus, selector: str) -> list[tuple[dict[str, str], float]]:
    """Return the last values: one scrape may fail on a busy machine."""
    return server.query(f"last_over_time({selector}[1m])")


@pytest.mark.slow
def test_it_scrapes_over_mutual_tls_with_a_password_and_finds_targets(
    prometheus: Tool, redis: Redis, tmp_path: Path
) -> None:
    certificates = Certificates.make(tmp_path / "web")
    web = certificates.write({**certificates.tls(mutual=True), **users()})
    cert, key = certificates.client
    safe = {
        "scheme": "https",
        "tls_config": {"ca_file": certificates.ca, "cert_file": cert, "key_file": key},
        "basic_auth": {"username": "prometheus", "password": PASSWORD},
    }
    config = write(tmp_path, a_target(redis.port, labels={"cluster": "eu"}), a_target(9, "gone"))
    with Exporting(EXPORTER, config, web) as running:
        access = {key: value for key, value in safe.items() if key != "scheme"}
        discovery = {"http_sd_configs": [{"url": f"{running.url}/sd", "refresh_interval": "1s", **access}]}
        jobs = (
            a_job(running, "all", **safe),
            a_job(running, "no-password", **{**safe, "basic_auth": {"username": "prometheus", "password": "no"}}),
            {"job_name": "probes", **discovery, **safe},
        )
        with scraping(prometheus, tmp_path, *jobs) as server:
            assert wait_until(lambda: len(server.query('count_over_time(up{job="probes"}[1m]) >= 2')) == 2, PATIENCE)

            ups = server.query("max by (job) (max_over_time(up[1m]))")  # one scrape may fail on a busy machine
            assert {labels["job"]: up for labels, up in ups} == {"all": 1, "no-password": 0, "probes": 1}
            assert server.query('max_over_time(sample_up{job="probes"}[1m]) == 1')[0][0]["target"] == "main"
            gone = 'last_over_time(sample_scrape_error{job="probes", target="gone"}[1m])'
            assert server.query(gone)[0][0]["reason"] == "connect"
            assert server.query('last_over_time(sample_clients{job="all"}[1m])')[0][0]["cluster"] == "eu"


@pytest.mark.slow
def test_it_reads_every_label_value_and_number_that_we_write(prometheus: Tool, tmp_path: Path) -> None:
    family = Metric("odd", 'Odd \\ \n " things.', "gauge")
    for index, text in enumerate(VALUES):
        family.add_sample("odd", {"text": text, "index": str(index)}, index)
    numbers = Metric("numbers", "Numbers.", "gauge")
    for index, number in enumerate([1e-320, 1.7976931348623157e308, 10**400, -(10**30), float("-inf"), 0.1 + 0.2]):
        numbers.add_sample("numbers", {"index": str(index)}, number)
    calls = Metric("calls", "Calls.", "counter")
    calls.add_sample("calls_total", {}, 3, exemplar=Exemplar({"trace_id": 'a"b\\c\nd'}, 1.5, time.time()))
    calls.add_sample(
        "calls_total", {"plain": "yes"}, 3, exemplar=Exemplar({"trace_id": "0af7651916cd43dd"}, 2.5, time.time())
    )
    exporter = Exporter("odd", "odd", "Odd.", 1, feeds=(Fixed((family, numbers, calls)),))
    config = tmp_path / "odd.yaml"
    config.write_text("fixed: {}\n", encoding="utf-8")
    with Exporting(exporter, config) as running:
        jobs = {"any": a_job(running, "any")}
        if _version(prometheus) >= (2, 49):
            jobs["text"] = a_job(running, "text", scrape_protocols=["PrometheusText0.0.4"])
        with scraping(prometheus, tmp_path, *jobs.values()) as server:
            assert wait_until(lambda: len(server.query('odd{index="12"}')) == len(jobs), PATIENCE)

            for job in jobs:
                rows = {row["index"]: row.get("text", "") for row, _ in last(server, f'odd{{job="{job}"}}')}
                assert [rows[str(index)] for index in range(len(VALUES))] == VALUES
                found = {row["index"]: number for row, number in last(server, f'numbers{{job="{job}"}}')}
                assert found["1"] == 1.7976931348623157e308
                assert found["2"] == float("inf")
                assert found["5"] == 0.1 + 0.2
            exemplars = server.exemplars("calls_total")
            assert {"trace_id": "0af7651916cd43dd"} in [exemplar["labels"] for exemplar in exemplars]


def test_promtool_finds_nothing_to_mend_in_the_frames_own_metrics(promtool: Tool, redis: Redis, tmp_path: Path) -> None:
    config = write(tmp_path, a_target(redis.port), a_target(9, "gone"), a_target(redis.port, "slow", refresh="1h"))
    with Exporting(EXPORTER, config, process=True) as running:
        running.post("/lines", b"a")
        assert wait_until(lambda: "refresh_last" in running.get().text, 60)
        page = running.get().text
    check = subprocess.run([promtool.path, "check", "metrics"], input=page, capture_output=True, text=True, check=False)

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
