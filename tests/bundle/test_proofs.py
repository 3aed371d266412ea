"""Nothing in a plan goes unproven, and what is written is what the plan says."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import promql_parser
import pytest
import yaml

from lab.toolchain import ROOT
from tests.bundle.specs import SPECS, files_of, plan_of
from watchbill.durations import format_duration, parse_duration
from watchbill.model import Alert, RecordingRule, RuleFile

every_spec = pytest.mark.parametrize("spec", SPECS)


@every_spec
def test_every_alert_fires_in_one_scenario_and_is_silent_in_one(spec: str) -> None:
    seen: dict[str, set[bool]] = defaultdict(set)
    for unit in plan_of(spec).units:
        for scenario in unit.scenarios:
            for fires in scenario.fires:
                seen[fires.alert].add(bool(fires.firing))
    alerts = {a.name for a in plan_of(spec).alerts()}
    assert alerts
    always = {a.name for a in plan_of(spec).alerts() if a.family == "watchdog"}  # its silence is what tells
    assert {name: seen[name] for name in alerts} == {n: {True} if n in always else {True, False} for n in alerts}


@every_spec
def test_a_firing_alert_is_expected_with_exactly_its_own_labels(spec: str) -> None:
    own = {a.name: dict(a.labels) for a in plan_of(spec).alerts()}
    for unit in plan_of(spec).units:
        for scenario in unit.scenarios:
            for fires in scenario.fires:
                for labels in fires.firing:
                    shown = {k: v.replace('{{ "{{" }}', "{{") for k, v in own[fires.alert].items()}
                    assert shown.items() <= dict(labels).items()


@every_spec
def test_every_recorded_family_has_a_value_test(spec: str) -> None:
    for unit in plan_of(spec).units:
        recorded = {r.record for f in unit.files for r in f.records()}
        raw_unproven = {r.record for f in unit.files if f.reads_inputs for r in f.records()}
        valued = {r.record for s in unit.scenarios for r in s.records if r.samples}
        has_inputs = any(s.level == "raw" for s in unit.scenarios)
        missing = recorded - valued - (set() if has_inputs else raw_unproven)
        assert missing == set(), unit.name


@every_spec
def test_only_kinds_whose_inside_is_the_users_have_unproven_tiles(spec: str) -> None:
    unproven = {u.name for u in plan_of(spec).units if not any(s.level == "raw" for s in u.scenarios)}
    expected = {"shapes": {"asked", "rawx", "raw-good"}}
    assert unproven - {"watchbill-health"} == expected.get(spec, set())


def read(text: str) -> Any:
    """Read megabytes of YAML by libyaml, ten times as fast, where PyYAML was built with it."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


@every_spec
def test_every_rule_file_reads_back_as_the_plan_says(spec: str) -> None:
    files = files_of(spec)
    for unit in plan_of(spec).units:
        listed = [("alerts/rules/", f) for f in unit.files]
        if unit.backfill:
            listed.append((f"alerts/backfill/pass-{unit.backfill_pass}/", unit.backfill))
        for folder, file in listed:
            assert read(files[folder + file.path]) == {"groups": groups(file)}


def groups(file: RuleFile) -> list[dict[str, Any]]:
    return [
        {"name": g.name, "interval": milliseconds(g.interval), "rules": [rule(r) for r in g.rules]} for g in file.groups
    ]


def milliseconds(value: int) -> str:
    assert parse_duration(format_duration(value)) == value
    return format_duration(value)


def rule(one: RecordingRule | Alert) -> dict[str, Any]:
    if isinstance(one, RecordingRule):
        return {"record": one.record, "expr": one.expr, **({"labels": dict(one.labels)} if one.labels else {})}
    timing = {"for": one.pending, "keep_firing_for": one.keep_firing}
    return {
        "alert": one.name,
        "expr": one.expr,
        **{k: milliseconds(v) for k, v in timing.items() if v},
        "labels": dict(one.labels),
        "annotations": dict(one.annotations),
    }


@every_spec
def test_every_expression_parses_and_every_test_file_reads_back(spec: str) -> None:
    for path, text in files_of(spec).items():
        if not path.startswith(("alerts/rules/", "alerts/tests/", "alerts/backfill/")):
            continue
        body = read(text)
        if not path.startswith("alerts/"):
            continue
        if "/tests/" in path:
            assert body["tests"]
            assert all(f"alerts/rules/{f.removeprefix('../rules/')}" in files_of(spec) for f in body["rule_files"])
            continue
        for group in body["groups"]:
            assert 0 < len(group["rules"]) <= 20
            for one in group["rules"]:
                promql_parser.parse(one["expr"])


@every_spec
def test_names_are_unique_over_the_bundle(spec: str) -> None:
    plan = plan_of(spec)
    alerts = [a.name for a in plan.alerts()]
    names = [g.name for u in plan.units for f in u.files for g in f.groups]
    series = [(r.record, r.labels) for u in plan.units for f in u.files for r in f.records()]
    for found in (alerts, names, series):
        assert len(found) == len(set(found))


def test_the_agents_example_is_the_reference_spec() -> None:
    example = ROOT / "generator" / "watchbill" / "examples" / "agents.yaml"
    assert example.read_text(encoding="utf-8") == SPECS["reference"].read_text(encoding="utf-8")
