"""Questions to a real promtool, many in one call."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import promtools
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """At `at` seconds since 1970 the expression has this one sample, without labels; None: no sample at all."""

    expr: str
    at: int
    value: float | None


def wrong_answers(folder: Path, asked: Iterable[Asked], series: Iterable[tuple[str, str]] = ()) -> str:
    """Return what promtool says of the expectations that do not hold; empty where all do."""
    tools = promtools()
    if not tools:
        pytest.skip("no promtool here: `make tools`")
    checks = [
        {
            "expr": a.expr,
            "eval_time": f"{a.at}s",
            "exp_samples": [] if a.value is None else [{"labels": "{}", "value": a.value}],
        }
        for a in asked
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series],
        "promql_expr_test": checks,
    }
    path = folder / "asked_test.yml"
    path.write_text(dump({"evaluation_interval": "1000d", "tests": [test]}), encoding="utf-8")
    done = subprocess.run(
        [tools[0].path, "test", "rules", path], capture_output=True, text=True, timeout=120, check=False
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[:3000]
