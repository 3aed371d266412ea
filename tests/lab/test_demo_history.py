"""The demo's past is what the rules and alerts of the reference spec make of its raw series."""

import pytest

from lab.demo_history import Demo

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]


def test_every_recorded_family_of_every_objective_has_samples(demo_history: Demo) -> None:
    records = (r for u in demo_history.plan.units for f in u.files for r in f.records())
    expected = {(r.record, slo) for r in records if (slo := dict(r.labels).get("slo"))}
    rows = demo_history.server.query('count by (__name__, slo) (last_over_time({slo!=""}[1d]))', demo_history.now)
    assert not expected - {(labels["__name__"], labels["slo"]) for labels, _ in rows}


def test_every_objective_had_an_alert_and_some_have_one_now(demo_history: Demo) -> None:
    names = {dict(a.labels)["slo"] for a in demo_history.plan.alerts() if "slo" in dict(a.labels)}
    server, now = demo_history.server, demo_history.now
    fired = server.query('count by (slo) (last_over_time(ALERTS{alertstate="firing",slo!=""}[1d]))', now)
    assert {labels["slo"] for labels, _ in fired} == names
    firing = {labels["slo"] for labels, _ in server.query('count by (slo) (ALERTS{alertstate="firing",slo!=""})', now)}
    assert {"run-success", "conversation"} <= firing < names
