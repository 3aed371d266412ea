"""Configs of the backup exporter, and what it shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import yaml

from tests.exporters.pages import values
from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.core import render
from watchbill_exporters.core.runtime import Runtime

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.running import Exporting
    from watchbill_exporters.core.clock import Clock

PATIENCE = {"X-Prometheus-Scrape-Timeout-Seconds": "1.6"}
IN_TIME = 1.6


def write(folder: Path, *targets: dict[str, Any], **more: Any) -> Path:
    """Write a config and return its path."""
    path = folder / "backup.yaml"
    fresh = folder / "backup.yaml.new"
    fresh.write_text(yaml.safe_dump({"targets": list(targets), **more}), encoding="utf-8")
    fresh.replace(path)
    return path


def page(config: Path, clock: Clock | None = None) -> str:
    """Read every target once and return the page."""
    runtime = Runtime(EXPORTER, config, clock=clock, process=False, background=False)
    text = render.TEXT.render(runtime.scrape(runtime.deadline(120.0)))
    runtime.close()
    return text


def shown(text: str, name: str) -> dict[str, float]:
    """Return the values of a family by repository/source, store/table, or target."""
    out = {}
    for (found, labels), value in values(text).items():
        if found == name:
            given = dict(labels)
            keys = [given[key] for key in ("repository", "source", "store", "table", "target") if key in given]
            out["/".join(keys)] = value
    return out


def told(file: Path) -> str:
    """Return what a script has written, once its line is whole."""
    text = file.read_text() if file.exists() else ""
    return text if text.endswith("\n") else ""


def reasons(text: str) -> dict[str, str]:
    """Return why targets could not be read."""
    found = [dict(labels) for (name, labels), _ in values(text).items() if name == "backup_scrape_error"]
    return {row["target"]: row["reason"] for row in found}


def scrape(exporting: Exporting) -> str:
    """Scrape with a short patience; it must not be exceeded."""
    begun = time.monotonic()
    answer = exporting.get(headers=PATIENCE)
    assert time.monotonic() - begun < IN_TIME
    assert answer.status_code == 200
    return answer.text
