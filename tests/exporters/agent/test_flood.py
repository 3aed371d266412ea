"""Many distinct label values: what is shown stays small, what is counted stays exact, memory stays flat."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.exporters.agent.desk import NOW, Desk
from tests.exporters.pages import values

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


def resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file on a disk
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / MIB


@pytest.mark.parametrize(
    "many",
    [10_007, pytest.param(1_000_003, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
    ids=["ten", "million"],
)
def test_a_flood_of_label_values_is_capped_and_counted(tmp_path: Path, many: int) -> None:
    with (tmp_path / "evals.jsonl").open("w", encoding="utf-8") as file:
        for number in range(many):
            result = {
                "ts": NOW,
                "suite": f"s{number}",
                "evaluator": f"e{number}",
                "verdict": "pass",
                "item": f"i{number}",
            }
            file.write(json.dumps(result) + "\n")
    with Desk(tmp_path, evaluations={"files": ["evals.jsonl"], "existing": "read"}) as desk:
        before = resident()
        desk.tick()
        grown = resident() - before
        rows = desk.rows("agent_eval_results_total")
        assert len(rows) == 101
        assert rows["other", "offline", "other", "pass"] == many - 100
        assert desk.rows("agent_exporter_lines_total") == {("evaluations",): many}
        found = {
            dict(labels).get("label"): value
            for (name, labels), value in values(desk.page()).items()
            if "overflow" in name
        }
        assert found["suite"] >= many - 100
        assert grown < 60
