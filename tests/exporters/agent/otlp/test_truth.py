"""Whatever way known runs are sent, every counter is exact."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.exporters.agent.desk import Desk
from tests.exporters.agent.otlp.spans import send
from tests.exporters.agent.otlp.world import RATES, make
from tests.exporters.pages import values

if TYPE_CHECKING:
    from pathlib import Path

PRICES = [{"model": model, "input": rates[0], "output": rates[1]} for model, rates in RATES.items()]


@pytest.mark.parametrize(("seed", "runs"), [(3, 10_000), (5, 300), (7, 300), (11, 300), (13, 300)])
def test_every_counter_is_exact_however_spans_arrive(tmp_path: Path, seed: int, runs: int) -> None:
    world = make(seed, runs)
    with Desk(tmp_path, otlp={"prices": PRICES, "settle": "8s"}) as desk:
        sent = Counter[str]()
        for when, spans in world.batches():
            desk.now = max(desk.now, when)
            assert send(desk, *spans).status == 200
            sent["spans"] += len(spans)
        desk.tick(1000)
        page = values(desk.page())
    got = {(name, *(v for _, v in sorted(labels))): number for (name, labels), number in page.items() if number}
    families = {key[0] for key in world.truth}
    assert {key: number for key, number in got.items() if key[0] in families} == pytest.approx(
        {key: number for key, number in world.truth.items() if number}, rel=1e-12
    )
    assert got["agent_exporter_otlp_late_spans_total",] == world.late
    assert got["agent_exporter_otlp_spans_total", "duplicate"] == sent["spans"] - len(
        {(span.trace_id, span.span_id) for _, _, span in world.arrivals}
    )
    assert ("agent_exporter_otlp_runs_expired_total",) not in got
