"""A new objective that does not start blind: its slow tiles from hours of history, where the live rules go on."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.history import add_history
from lab.past import HOUR, Past
from lab.process import wait_until
from lab.product import backfill_texts, rule_texts
from lab.prometheus import Prometheus
from lab.toolchain import Tool, matrix
from lab.truth import Count

SLOW, SETTLE, HOURS = 300, 10, 3
SLO = 'slo:{}{{service="lab",slo="past"}}'
SPEC = """
watchbill: 1
service: lab
prometheus: {scrape_interval: 15s, evaluation_interval: 30s}
slos:
  - name: past
    objective: 98
    window: 1d
    sli: {kind: ratio, total: 'lab_requests_total{job="past"}', bad: 'lab_requests_total{job="past",code=~"5.."}'}
"""
LEGS = [
    pytest.param(server.leg, marks=() if isinstance(server, Tool) else pytest.mark.skip(reason=str(server)))
    for server in matrix("prometheus")
]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backfill"), pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Backfilled:
    servers: dict[str, Prometheus]
    past: Past

    def tiles(self, leg: str) -> dict[float, Count]:
        found: list[dict[float, float]] = []

        def in_step() -> bool:
            """Live rules write one after the other, so that what is read in between is not."""
            selectors = [SLO.format(f"{what}:increase5m") for what in ("events", "errors")]
            [[(_, events)], [(_, errors)]] = [self.servers[leg].samples(s, HOURS * 3600 + 900) for s in selectors]
            found[:] = dict(events), dict(errors)
            return found[0].keys() == found[1].keys()

        assert wait_until(in_step, 10), found
        events, errors = found
        return {at: Count(n, errors[at]) for at, n in events.items()}


def backfill(promtool: Path, server: Prometheus, past: Past) -> None:
    """Run it on the rule file's own path: the phase of a group is a hash of its name and of that path."""
    live = rule_texts(SPEC)
    server.write_rule_texts(backfill_texts(SPEC))
    times = ["--start", str(int(past.begin)), "--end", str(int(past.end))]
    where = ["--url", server.url, "--output-dir", str(server.folder / "data")]
    command: list[str | Path] = [
        promtool,
        "tsdb",
        "create-blocks-from",
        "rules",
        *times,
        *where,
        server.folder / "rules" / "past.yml",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    server.write_rule_texts(live)
    server.restart()


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backfilled]:
    now = round(time.time()) + 0.123
    past = Past(now - 60 - HOURS * HOUR, now - 60)
    promtools = {entry.leg: entry.path for entry in matrix("promtool") if isinstance(entry, Tool)}
    with ExitStack() as stack:
        servers = {}
        for leg in (entry for entry in matrix("prometheus") if isinstance(entry, Tool)):
            folder = tmp_path_factory.mktemp(leg.leg)
            add_history(promtools[leg.leg], folder / "data", past.samples)
            server = Prometheus(leg.path, folder, {})
            server.write_rule_texts(rule_texts(SPEC))
            servers[leg.leg] = stack.enter_context(server)
            backfill(promtools[leg.leg], server, past)
        yield Backfilled(servers, past)


@pytest.mark.parametrize("leg", LEGS)
def test_each_backfilled_tile_is_what_happened(done: Backfilled, leg: str) -> None:
    """But for a reset: the part of its tile that went before is lost, in a backfill as in live rules."""
    tiles = done.tiles(leg)
    checked = {at: count for at, count in tiles.items() if at > done.past.begin + SETTLE + SLOW + 15}
    assert len(checked) >= (HOURS - 1) * 12
    wrong = {}
    for at, count in checked.items():
        stretch = at - SETTLE - SLOW, at - SETTLE
        truth = done.past.counted(*stretch)
        if done.past.has_reset(*stretch):
            assert count.events <= truth.events
        elif count != truth:
            wrong[at] = (count, truth)
    assert not wrong


@pytest.mark.parametrize("leg", LEGS)
def test_the_live_rules_go_on_at_the_same_phase_and_with_the_whole_budget(done: Backfilled, leg: str) -> None:
    server = done.servers[leg]
    budget = SLO.format("error_budget:events")
    assert wait_until(lambda: server.query(budget) and server.query(SLO.format("objective:ratio")), SLOW + 30, pause=2)
    [(_, live)] = server.samples(SLO.format("objective:ratio"), 2 * SLOW)
    apart = [(at - live[-1][0] + SLOW / 2) % SLOW - SLOW / 2 for at in done.tiles(leg)]
    assert max(map(abs, apart)) < 0.002  # a server cuts off what is less than a millisecond, promtool rounds it
    [(_, [(at, found), *_])] = server.samples(budget, 2 * SLOW)
    tiles = [count.events for stamp, count in done.tiles(leg).items() if stamp < at]
    assert found == pytest.approx(0.02 * 288 * sum(tiles) / len(tiles))
