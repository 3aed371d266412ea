"""Prometheus: the bundle's rules as they are, the spec's intervals, a job for each exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from compose.demo.places import Places

SCRAPE, EVALUATION = "15s", "30s"
EXPORTERS = {"agents": "agent", "sandbox": "sandbox", "queue": "queue", "backup": "backup"}
"""Jobs, as the bundle's expressions name them, and who serves them."""


def config(places: Places, rules: Path, serving: Collection[str]) -> str:
    """`serving` are the exporters that run; jobs of others would only be down."""
    jobs = [_job(job, places.address(name)) for job, name in EXPORTERS.items() if name in serving]
    jobs += [
        _job("gateway", places.address("simulator"), metrics_path="/probe"),
        _job("simulator", places.address("simulator")),
        _job("prometheus", places.address("prometheus")),
        _job("alertmanager", places.address("alertmanager")),
    ]
    document = {
        "global": {"scrape_interval": SCRAPE, "scrape_timeout": "10s", "evaluation_interval": EVALUATION},
        "rule_files": [f"{rules}/*.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [places.address("alertmanager")]}]}]},
        "scrape_configs": jobs,
    }
    return yaml.safe_dump(document, sort_keys=False)


def _job(name: str, address: str, **more: str) -> dict[str, Any]:
    return {"job_name": name, **more, "static_configs": [{"targets": [address]}]}
