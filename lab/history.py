"""Gives a Prometheus a past: blocks made by promtool, before the server starts."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

ONE_BLOCK = "--max-block-duration=1000h"  # hidden, and 100 times faster than a block every 2 h

Sample = tuple[str, float, float]  # series, value, Unix time


def add_history(promtool: Path, data: Path, samples: Iterable[Sample]) -> None:
    text = data.parent / "history.om"
    data.mkdir(parents=True, exist_ok=True)
    lines = [f"{series} {value} {at:.3f}" for series, value, at in samples]
    text.write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    run = subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", ONE_BLOCK, text, data],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if run.returncode:
        raise RuntimeError(f"could not add history: {run.stdout}{run.stderr}")
