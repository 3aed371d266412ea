"""Prometheus: the bundle's rules as they are, the spec's intervals, a job for each exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SCRAPE, EVALUATION = "15s", "30s"
EXPORTERS = {"agents": "agent", "sandbox": "sandbox", "queue": "queue", "backup": "backup"}
"""Jobs, as the bundle's expressions name them, and who serves them."""


def config(address: Callable[[str], str], rules: str, serving: Collection[str]) -> str:
    """`serving` are the exporters that run; jobs of others would only be down."""
    jobs = [_job(job, address(name)) for job, name in EXPORTERS.items() if name in serving]
    if "queue" in serving:  # the scheduler speaks for itself, with the names and the job of the queue exporter
        as_queue = [{"target_label": "job", "replacement": "queue"}]
        jobs.append(_job("scheduler", address("simulator"), metrics_path="/schedules", metric_relabel_configs=as_queue))
    jobs += [
        _job("gateway", address("simulator"), metrics_path="/probe"),
        _job("simulator", address("simulator")),
        _job("prometheus", address("prometheus")),
        _job("alertmanager", address("alertmanager")),
    ]
    document = {
        "global": {"scrape_interval": SCRAPE, "scrape_timeout": "10s", "evaluation_interval": EVALUATION},
        "rule_files": [rules],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [address("alertmanager")]}]}]},
        "scrape_configs": jobs,
    }
    return yaml.safe_dump(document, sort_keys=False)


def _job(name: str, address: str, **more: object) -> dict[str, Any]:
    return {"job_name": name, **more, "static_configs": [{"targets": [address]}]}
