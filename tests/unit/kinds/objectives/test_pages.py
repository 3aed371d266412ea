"""What each kind of objective shows on a page: causes by the labels that tell them apart, and numbers that are true."""

from __future__ import annotations

from typing import Any

import promql_parser
import pytest

from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from watchbill.model import Check, Content, Fact, Page, Use

GOOD = {"kind": "ratio", "total": 'calls_total{job="api"}', "good": 'calls_total{job="api",result="ok"}'}
SLOW = {
    "kind": "latency",
    "histogram": 'h_seconds{job="api"}',
    "within": "250ms",
    "bounds": [0.1, 0.25],
    "by": ["zone"],
}
QUANTILE = {
    "kind": "windows",
    "quantile": {"of": 'w_seconds{job="q"}', "q": 0.9},
    "good": "< 7",
    "by": {"queue": ["a"]},
}
RAW = {"kind": "raw", "events": "sum(increase(x_total[{window}]))", "bad": "sum(increase(y_total[{window}]))"}


def page(name: str = "CallsBudgetBurnFast", **slo: Any) -> Page:
    return next(a.page for a in planned(a_spec(an_slo(**slo))).alerts() if a.name == name)


def content(name: str = "CallsBudgetBurnFast", **slo: Any) -> Content:
    return page(name, **slo).make()


def check(key: str, **slo: Any) -> Check:
    found = {c.key: c for c in content(**slo).checks}
    return found[key]


@pytest.mark.parametrize(
    ("slo", "key", "expected"),
    [
        ({}, "causes", 'sort_desc(sum by (code) (\n  increase(calls_total{job="api",code=~"5.."}[15m])\n) > 0)'),
        (
            {"causes": ["zone", "route"]},
            "causes",
            'sort_desc(sum by (zone, route) (\n  increase(calls_total{job="api",code=~"5.."}[15m])\n) > 0)',
        ),
        ({"sli": GOOD}, "causes", 'sort_desc(sum by (result) (\n  increase(calls_total{job="api"}[15m])\n) > 0)'),
        (
            {"sli": SLOW, "objective": 95},
            "quantile",
            'histogram_quantile(0.95, sum by (le) (rate(h_seconds_bucket{job="api",zone="$zone"}[15m])))',
        ),
        (
            {"sli": QUANTILE},
            "causes",
            'histogram_quantile(0.9, sum by (le, queue) (rate(w_seconds_bucket{job="q",queue="$queue"}[1m])))',
        ),
        ({"sli": {"kind": "availability", "gauge": "up"}}, "causes", "sort(avg_over_time(up[15m]))"),
        (
            {"sli": {"kind": "freshness", "timestamp": "t_seconds", "no_older_than": "7h"}},
            "causes",
            "sort_desc(time() - t_seconds)",
        ),
        ({"sli": RAW}, "bad", "sum(increase(y_total[5m]))"),
    ],
)
def test_a_kind_shows_what_it_measures_for_the_group_that_fired(slo: dict[str, Any], key: str, expected: str) -> None:
    found = check(key, **slo)
    assert found.expr == expected
    assert found.use is Use.LOOK


def test_latency_tells_slow_events_apart_by_the_causes_of_the_spec() -> None:
    expr = check("causes", sli=SLOW, causes=["model"]).expr
    promql_parser.parse(expr)
    assert expr.count("sum by (model)") == 2


def test_a_composite_asks_which_of_its_parts_fails() -> None:
    whole = an_slo(name="whole", sli={"kind": "composite", "of": [{"slo": "calls"}]})
    pages = {a.name: a.page for a in planned(a_spec(an_slo(), whole)).alerts()}
    found = {c.key: c.expr for c in pages["WholeBudgetBurnFast"].make().checks}
    assert 'sum by (slo) (sum_over_time(slo:errors:increase30s{service="shop",slo=~"calls"}[15m]))' in found["causes"]


def test_pushed_counters_have_no_targets_to_look_at() -> None:
    assert "targets" in {c.key for c in content().checks}
    assert "targets" not in {c.key for c in content(sli=a_ratio(new_series="ignore")).checks}


@pytest.mark.parametrize(
    ("slo", "name", "value"),
    [
        ({"objective": 99, "window": "30d"}, "Budget gone in", "2d 2h"),
        ({"objective": 99, "window": "30d"}, "In a total outage", "7h 12m"),
        ({"objective": 99.9, "window": "30d"}, "In a total outage", "43m 12s"),
        ({"objective": 80}, "Errors", "above 49.9%"),
        ({"objective": 99, "window": "7d"}, "Burn rate", "14.4"),
        ({"alerting": {"keep_firing_for": "7m"}}, "Clears", "within 12m"),
        ({"low_traffic": {"chance": 1}}, "Guard", "none"),
        ({"low_traffic": {"chance": 1, "min_bad_events": 7}}, "Guard", "7 errors in 1h"),
    ],
)
def test_the_numbers_follow_from_the_spec(slo: dict[str, Any], name: str, value: str) -> None:
    facts = {f.name: f for f in content(**slo).facts}
    assert facts[name].value == value


def test_a_tier_at_the_slow_pace_clears_one_evaluation_later() -> None:
    facts = {f.name: f for f in content("CallsBudgetBurnSlow").facts}
    expected = (
        "after the errors end: those of the last 20m must be within the objective (looked at every 5m), then stay"
    )
    assert facts["Clears"] == Fact("Clears", "within 30m", f"{expected} so for 5m")


def test_a_missing_signal_carries_its_groups_only_if_they_are_listed() -> None:
    assert page("CallsSignalMissing", sli=a_ratio(by=["zone"])).group_labels == ()
    assert page("CallsSignalMissing", sli=a_ratio(by={"zone": ["a"]})).group_labels == ("zone",)
    assert not any("$zone" in c.expr for c in content("CallsSignalMissing", sli=a_ratio(by=["zone"])).checks)
