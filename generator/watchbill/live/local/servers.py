"""The programs a drill runs, and how: a Prometheus with a past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.live.local.process import run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ONE_BLOCK = "--max-block-duration=1000h"
"""Hidden, and 100 times faster than a block every 2 h."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs a drill runs."""

    prometheus: str
    promtool: str
    alertmanager: str


def prometheus(tools: Tools, port: int) -> list[str]:
    """Return the command of a Prometheus in its working folder."""
    return [
        tools.prometheus,
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--storage.tsdb.retention.time=400d",
        f"--web.listen-address=127.0.0.1:{port}",
        "--rules.alert.for-grace-period=10s",
        "--rules.alert.resend-delay=5s",
    ]


def remember(tools: Tools, folder: Path, history: Iterable[str], name: str = "history") -> None:
    """Turn OpenMetrics lines into a block in the data of the Prometheus that runs in a folder."""
    lines = list(history)
    if len(lines) > 1:
        text = folder / f"{name}.om"
        text.write_text("\n".join([*lines, ""]), encoding="utf-8")
        run([tools.promtool, "tsdb", "create-blocks-from", "openmetrics", ONE_BLOCK, str(text), str(folder / "data")])
