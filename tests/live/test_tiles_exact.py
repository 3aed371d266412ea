"""Tiles against the truth: real servers of every version, simulated targets that misbehave in every known way."""

import time
from collections.abc import Iterator

import pytest

from lab.bench import Clock, rule_file
from lab.misbehaviour import EXACT, INEXACT, JOINS_AT, OUTAGE_BEYOND_BRIDGE, RATE, SMOKE
from lab.product import tiler
from lab.prometheus import Prometheus
from lab.toolchain import Missing, Tool, matrix
from lab.trial import DISCOVERY_SECONDS, Contender, Trial, trial
from lab.truth import Count

CLOCK = Clock(scrape=1_500, timeout=1_250, delta=3_000, settle=1_500, bridge=30_000)
SECONDS = 50
SCRAPE, DELTA = CLOCK.scrape / 1000, CLOCK.delta / 1000
BURST = 1.3  # random arrivals: some seconds hold more than the mean
LEGS = [
    pytest.param(leg.leg, marks=pytest.mark.skip(reason=str(leg)) if isinstance(leg, Missing) else ())
    for leg in matrix("prometheus")
]
VERSIONS = [leg for leg in matrix("prometheus") if isinstance(leg, Tool)]

pytestmark = [pytest.mark.xdist_group("tiles"), pytest.mark.timeout(600)]


TILERS = {"tile": tiler(CLOCK, process_start=True)}


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    contenders = [Contender(version.leg, version.path) for version in VERSIONS]
    folder = tmp_path_factory.mktemp("smoke")
    with trial(contenders, SMOKE, rule_file(SMOKE, TILERS, CLOCK), folder, clock=CLOCK, seconds=8) as run:
        yield run


def interrupt(server: Prometheus) -> None:
    """Restart it, crash it, hold it still; in between it records at least one tile."""
    recovery = DISCOVERY_SECONDS + SCRAPE + 2 * DELTA
    time.sleep(8)
    server.restart(pause=4)
    time.sleep(recovery)
    server.kill()
    time.sleep(2)
    server.start()
    time.sleep(recovery)
    server.freeze(5)


INTERRUPTIONS = 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    contenders = [Contender(version.leg, version.path) for version in VERSIONS]
    contenders += [Contender(f"{version.leg}-interrupted", version.path, interrupt) for version in VERSIONS]
    folder = tmp_path_factory.mktemp("run")
    rules = rule_file(EXACT | INEXACT, TILERS, CLOCK)
    with trial(contenders, EXACT | INEXACT, rules, folder, clock=CLOCK, seconds=SECONDS) as finished:
        yield finished


def counted(run: Trial, leg: str, job: str) -> Count:
    if missed := run.missed_evaluations(leg):
        pytest.skip(f"this machine was too busy: {leg} missed {missed} evaluations")
    return run.counted(leg, job, "tile")


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("job", SMOKE)
def test_a_few_seconds_of_traffic_are_counted_to_the_event(smoke: Trial, leg: str, job: str) -> None:
    assert counted(smoke, leg, job) == smoke.shown(leg, job) == smoke.happened(job)


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("job", EXACT)
def test_every_event_a_scrape_could_see_is_counted_once(run: Trial, leg: str, job: str) -> None:
    assert counted(run, leg, job) == run.shown(leg, job)


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
def test_a_reset_loses_at_most_the_tile_it_falls_in(run: Trial, leg: str) -> None:
    count, shown = counted(run, leg, "restarts"), run.shown(leg, "restarts")
    most = run.restarts("restarts") * RATE * DELTA * BURST
    assert shown.events - most <= count.events <= shown.events
    assert count.errors <= shown.errors


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
def test_a_process_replaced_while_away_counts_whole(run: Trial, leg: str) -> None:
    """But where the new counter has already overtaken a small old one, that one is taken for its beginning."""
    count, shown = counted(run, leg, "down_and_reset"), run.shown(leg, "down_and_reset")
    overtaken = sum(
        value
        for target in run.lab.of("down_and_reset")
        for (life, code), value in target.shown[leg].items()
        if life == 0 and code not in target.life.history
    )
    assert shown.events - overtaken <= count.events <= shown.events
    assert shown.errors - overtaken <= count.errors <= shown.errors


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
def test_a_target_away_for_longer_than_the_bridge_loses_that_gap_and_repeats_no_history(run: Trial, leg: str) -> None:
    count, happened = counted(run, leg, "down_too_long"), run.happened("down_too_long")
    first, duration = OUTAGE_BEYOND_BRIDGE
    lost = run.happened("down_too_long", first - SCRAPE, first + duration + SCRAPE + DELTA)
    assert happened.events - lost.events <= count.events <= happened.events
    assert happened.errors - lost.errors <= count.errors <= happened.errors


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
def test_an_old_process_that_joins_late_brings_no_history(run: Trial, leg: str) -> None:
    count = counted(run, leg, "joining")
    sure = run.happened("joining", JOINS_AT + DISCOVERY_SECONDS + SCRAPE + DELTA)
    assert sure.events <= count.events <= run.happened("joining", JOINS_AT).events
    assert sure.errors <= count.errors <= run.happened("joining", JOINS_AT).errors


@pytest.mark.slow
@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("job", ["steady", "slow", "failing"])
def test_an_interruption_of_the_server_loses_at_most_a_tile_and_the_settling(run: Trial, leg: str, job: str) -> None:
    server = f"{leg}-interrupted"
    count, shown = run.counted(server, job, "tile"), run.shown(server, job)
    unsettled = INTERRUPTIONS * (DELTA + CLOCK.settle / 1000) * RATE * len(run.lab.of(job))
    assert shown.events - BURST * unsettled <= count.events <= shown.events
    assert count.errors <= shown.errors
