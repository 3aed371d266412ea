"""No unlucky phase: what a tile and a window of tiles hold, wherever in the interval they are asked for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lab.bench import Clock, counter, rule_file
from lab.lives import Behaviour
from lab.product import tiler
from lab.toolchain import Missing, Tool, matrix
from lab.trial import Contender, Trial, trial

CLOCK = Clock(scrape=1_000, timeout=900, delta=1_000, settle=1_000, bridge=20_000)
TILES = 7
SECONDS = 12
LEGS = [
    pytest.param(leg, id=leg.leg, marks=pytest.mark.skip(reason=str(leg)) if isinstance(leg, Missing) else ())
    for leg in matrix("prometheus")
]

TILE = tiler(CLOCK)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("phases")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    contenders = [Contender(leg.leg, leg.path) for leg in matrix("prometheus") if isinstance(leg, Tool)]
    jobs = {"one": replace(Behaviour(), delay=(0.0, 0.01))}
    folder = tmp_path_factory.mktemp("phases")
    rules = rule_file(jobs, {"tile": TILE}, CLOCK)
    with trial(contenders, jobs, rules, folder, clock=CLOCK, seconds=SECONDS, targets_per_job=1) as finished:
        yield finished


def phases_around(moment_ms: int) -> list[int]:
    """Every millisecond near a sample, and some of the others."""
    return [moment_ms + shift for shift in (*range(-4, 5), *range(37, CLOCK.delta - 5, 119))]


@pytest.mark.parametrize("leg", LEGS)
def test_tiles_add_up_at_every_phase_though_the_scrape_interval_is_the_tile(run: Trial, leg: Tool) -> None:
    server = run.servers[leg.leg]
    [(_, samples)] = server.samples(f'{counter("one")[:-1]},code="200"}}', SECONDS, run.opened + SECONDS)
    first = round(samples[3][0] * 1000) + CLOCK.settle
    for start in phases_around(first):
        ends = [(start + n * CLOCK.delta) / 1000 for n in range(TILES + 1)]
        standing = [
            server.query(f"sum(last_over_time({counter('one')}[20s] offset {CLOCK.settle}ms))", end)[0][1]
            for end in (ends[0], ends[-1])
        ]
        tiles = [server.query(TILE(counter("one"), "one"), end) for end in ends[1:]]
        assert sum(value for rows in tiles for _, value in rows) == standing[1] - standing[0] > 0


@pytest.mark.parametrize("leg", LEGS)
def test_a_window_short_of_a_millisecond_holds_its_tiles_at_every_phase_but_one(run: Trial, leg: Tool) -> None:
    """Prometheus 3 leaves the left end out: a reader that trails by one tile less 1 ms sees one tile less."""
    server = run.servers[leg.leg]
    [(_, samples)] = server.samples('lab:events:tile{job="one"}', 60)
    stamps = [round(at * 1000) for at, _ in samples]
    unbroken = [at for at in stamps if {at - n * CLOCK.delta for n in range(TILES + 1)} <= set(stamps)]
    moment = unbroken[-1]  # the last one before which no evaluation was missed on a busy machine
    window = f'count_over_time(lab:events:tile{{job="one"}}[{TILES * CLOCK.delta - 1}ms])'
    held = {at - moment: server.query(window, at / 1000)[0][1] for at in phases_around(moment)}
    blind = {-1} if int(leg.version.split(".")[0]) >= 3 else set()
    assert {phase for phase, tiles in held.items() if tiles != TILES} == blind
