"""Metrics that others named: a real Prometheus, Redis and Alertmanager, watched by rules made from a spec alone."""

import re
from collections.abc import Iterator

import pytest

from lab.real_world import RealWorld, legs
from lab.services import absent
from lab.story import ALL, NEVER, REQUESTS_FAIL, Key, Story, tell
from lab.toolchain import matrix

LEGS = [
    pytest.param(entry.leg, marks=() if entry.leg in legs() else pytest.mark.skip(reason=f"{entry}: tools missing"))
    for entry in matrix("prometheus")
]
COUNTERS = {
    "prometheus-http": 'prometheus_http_requests_total{job="prometheus"}',
    "prometheus-http-budget": 'prometheus_http_requests_total{job="prometheus"}',
    "prometheus-latency": 'prometheus_http_request_duration_seconds_count{job="prometheus",handler="/api/v1/query"}',
    "redis-commands": 'redis_commands_total{job="redis",cmd=~"get|incr"}',
}
BAD = {
    "prometheus-http": 'prometheus_http_requests_total{job="prometheus",code=~"4..|5.."}',
    "prometheus-http-budget": 'prometheus_http_requests_total{job="prometheus",code=~"4..|5.."}',
    "redis-commands": 'redis_commands_failed_calls_total{job="redis",cmd=~"get|incr"}',
}
BURN_LABELS = {"severity", "tier", "long_window", "short_window", "service", "slo", "watchbill"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("real services"),
    pytest.mark.timeout(800),
    pytest.mark.skipif(bool(absent()), reason=f"not available: {', '.join(absent())}"),
]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with RealWorld(tmp_path_factory.mktemp("real"), legs()) as world:
        yield tell(world)


@pytest.mark.parametrize("leg", LEGS)
def test_every_rule_is_healthy_and_the_slow_ones_that_are_not_due_yet_evaluate(story: Story, leg: str) -> None:
    server = story.world.watches[leg].server
    rules = server.rules()
    assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
    assert not [rule for rule in rules if rule.get("lastError")]
    for rule in rules:
        if rule["health"] == "unknown":
            server.query(rule["query"])


@pytest.mark.parametrize("leg", LEGS)
def test_nothing_fires_while_all_is_well(story: Story, leg: str) -> None:
    assert not story.legs[leg].calm.keys() - {("PrometheusConfigBudgetBurnQuick", "")}


def added_up(story: Story, leg: str, slo: str, what: str, raw: str) -> tuple[float, float]:
    """Return the tiles' sum from the calm to the kill, and by how much the raw counters rose in just that time."""
    server = story.world.watches[leg].server
    rows = server.samples(f'slo:{what}:increase2s{{slo="{slo}"}}', 300)
    stamps = sorted({at for _, tiles in rows for at, _ in tiles if story.calm_from < at < story.broken_until})
    first, last = stamps[0], stamps[-1]
    tiles = sum(value for _, tiles in rows for at, value in tiles if first < at <= last)

    def standing(at: float) -> float:
        return sum(value for _, value in server.query(f"last_over_time({raw}[1m] offset 1s)", at))

    return tiles, standing(last) - standing(first)


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("slo", COUNTERS)
def test_events_are_the_raw_counters_own_differences(story: Story, leg: str, slo: str) -> None:
    tiles, raw = added_up(story, leg, slo, "events", COUNTERS[slo])
    assert tiles == raw > 50


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("slo", BAD)
def test_errors_are_the_raw_counters_own_differences(story: Story, leg: str, slo: str) -> None:
    tiles, raw = added_up(story, leg, slo, "errors", BAD[slo])
    assert tiles == raw > 50


@pytest.mark.parametrize("leg", LEGS)
def test_slow_requests_are_all_less_those_in_the_bucket_however_its_bound_is_spelt(story: Story, leg: str) -> None:
    """Prometheus 3 rewrites `le="1"` to `le="1.0"`."""
    count = COUNTERS["prometheus-latency"]
    bucket = count.replace("_count{", "_bucket{").replace("}", ',le=~"1|1[.]0"}')
    tiles, requests = added_up(story, leg, "prometheus-latency", "errors", count)
    _, fast_enough = added_up(story, leg, "prometheus-latency", "errors", bucket)
    assert tiles == requests - fast_enough > 10


@pytest.mark.parametrize("leg", LEGS)
def test_every_scrape_of_a_gauge_is_one_event(story: Story, leg: str) -> None:
    server = story.world.watches[leg].server
    [(_, tiles)] = server.samples('slo:events:increase2s{slo="redis-answers"}', 300)
    [(_, scrapes)] = server.samples('redis_up{job="redis"}', 300)
    first, last = tiles[1][0], tiles[-2][0]
    seen = [at for at, _ in scrapes if first - 1 < at <= last - 1]
    assert sum(value for at, value in tiles if first < at <= last) == len(seen) > 20


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("alert", ALL, ids="-".join)
def test_what_breaks_fires_and_reaches_the_alertmanager_with_every_label(story: Story, leg: str, alert: Key) -> None:
    there = story.legs[leg]
    assert alert in there.fired
    shown, told = there.fired[alert]["labels"], there.delivered[alert]["labels"]
    assert shown.keys() - {"alertname", "cmd"} == BURN_LABELS
    assert told == shown


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("alert", ALL, ids="-".join)
def test_annotations_say_how_much_in_percent(story: Story, leg: str, alert: Key) -> None:
    annotations = story.legs[leg].fired[alert]["annotations"]
    assert not re.search(r"<error|\{\{|<no value>|%!|NaN|Inf", " ".join(annotations.values()))
    [percent] = re.findall(
        r": ([\d.e+-]+)% (?:errors over|of the \w+ error budget spent in) 20s", annotations["summary"]
    )
    value = float(story.legs[leg].fired[alert]["value"])
    assert float(percent) == pytest.approx(100 * value, rel=0.01)
    assert 0 < value <= 1


@pytest.mark.parametrize("leg", LEGS)
def test_of_two_commands_only_the_failing_one_fires(story: Story, leg: str) -> None:
    fired = story.legs[leg].fired
    assert ("RedisCommandsBudgetBurnQuick", "incr") in REQUESTS_FAIL
    assert ("RedisCommandsBudgetBurnQuick", "get") not in fired
    assert "cmd incr" in fired["RedisCommandsBudgetBurnQuick", "incr"]["annotations"]["summary"]


@pytest.mark.parametrize("leg", LEGS)
def test_a_metric_that_nobody_exposes_is_on_its_way_to_signal_missing(story: Story, leg: str) -> None:
    pending = story.legs[leg].pending["ReplicaAnswersSignalMissing", ""]
    assert pending["labels"].keys() == {"alertname", "service", "slo", "severity", "watchbill"}


@pytest.mark.parametrize("leg", LEGS)
def test_everything_resolves_once_it_is_mended(story: Story, leg: str) -> None:
    assert story.legs[leg].resolved_after <= story.legs[leg].cleared_after < NEVER
