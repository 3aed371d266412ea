"""A whole generated objective against the truth: rules from a spec, loaded as they are, on targets that misbehave."""

from collections.abc import Iterator

import pytest
import yaml

from lab.bench import COUNTER, Clock
from lab.misbehaviour import EXACT
from lab.product import rule_texts
from lab.toolchain import Missing, Tool, matrix
from lab.trial import Contender, Trial, trial

CLOCK = Clock(scrape=2_000, timeout=1_800, delta=5_000, settle=2_000, bridge=60_000)
LAG = 0.833
RUN_SECONDS = 55
LONG, SHORT = "3m", "20s"
LEGS = [
    pytest.param(leg.leg, marks=pytest.mark.skip(reason=str(leg)) if isinstance(leg, Missing) else ())
    for leg in matrix("prometheus")
]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("windows"), pytest.mark.timeout(300)]


def objective(job: str) -> dict[str, object]:
    counter = f'{COUNTER}{{job="{job}"'
    return {
        "name": job.replace("_", "-"),
        "objective": 99,
        "window": "1d",
        "alerting": {
            "tiers": [{"name": "quick", "severity": "page", "budget": "5%", "within": LONG, "recheck": SHORT}]
        },
        "sli": {
            "kind": "ratio",
            "total": f"{counter}}}",
            "bad": f'{counter},code=~"5.."}}',
            "process_start": f'process_start_time_seconds{{job="{job}"}}',
        },
    }


SPEC = yaml.safe_dump(
    {
        "watchbill": 1,
        "service": "lab",
        "prometheus": {
            "scrape_interval": f"{CLOCK.scrape}ms",
            "evaluation_interval": f"{CLOCK.delta}ms",
            "settle": f"{CLOCK.settle}ms",
            "bridge": f"{CLOCK.bridge}ms",
        },
        "slos": [objective(job) for job in EXACT],
    }
)


def rules() -> dict[str, object]:
    return {"groups": [group for text in rule_texts(SPEC).values() for group in yaml.safe_load(text)["groups"]]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    contenders = [Contender(leg.leg, leg.path) for leg in matrix("prometheus") if isinstance(leg, Tool)]
    with trial(contenders, EXACT, rules(), tmp_path_factory.mktemp("run"), clock=CLOCK, seconds=RUN_SECONDS) as done:
        yield done


def over(run: Trial) -> float:
    """Return when all is recorded, however late a test asks: until then its windows do not lose the beginning."""
    return run.opened + RUN_SECONDS + 30


def series(what: str, job: str) -> str:
    return f'slo:{what}{{service="lab",slo="{job}"}}'


@pytest.mark.parametrize("leg", LEGS)
def test_every_generated_rule_evaluates(run: Trial, leg: str) -> None:
    fast = [rule for rule in run.servers[leg].rules() if rule["health"] != "unknown"]
    assert fast
    assert {(rule["health"], rule.get("lastError", "")) for rule in fast} == {("ok", "")}


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("job", EXACT)
def test_a_window_over_the_whole_run_holds_what_happened(run: Trial, leg: str, job: str) -> None:
    if run.missed_evaluations(leg):
        pytest.skip(f"this machine was too busy: {leg} missed evaluations")
    server, shown = run.servers[leg], run.shown(leg, job)
    [(_, events)] = server.query(series(f"events:sum{LONG}", job), over(run))
    [(_, errors)] = server.query(series(f"errors:sum{LONG}", job), over(run))
    assert (events, errors) == (shown.events, shown.errors)


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("job", ["steady", "slow", "failing"])
def test_every_recorded_window_is_the_raw_counters_own_difference(run: Trial, leg: str, job: str) -> None:
    """From the end of its last tile back over its length: no tile twice, none left out, at any group's phase."""
    if run.missed_evaluations(leg):
        pytest.skip(f"this machine was too busy: {leg} missed evaluations")
    server, length = run.servers[leg], 20
    [(_, tiles)] = server.samples(series("events:increase5s", job), 200, over(run))
    ends = [round(at * 1000) for at, _ in tiles]
    begun = run.opened + length + 2 * CLOCK.delta / 1000  # every target was scraped before its first tile
    [(_, windows)] = server.samples(series(f"events:sum{SHORT}", job), 200, over(run))
    checked = [(round(at * 1000), value) for at, value in windows if begun < at < run.opened + RUN_SECONDS]
    assert len(checked) >= 3

    def standing(end: float) -> float:
        settled = f'last_over_time({COUNTER}{{job="{job}"}}[1m] offset {CLOCK.settle}ms)'
        return server.query(f"sum({settled})", end)[0][1]

    for at, value in checked:
        last = max(end for end in ends if end <= at - LAG * 1000) / 1000
        assert value == standing(last) - standing(last - length)
