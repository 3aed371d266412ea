"""promtool unit tests from scenarios: what must and must not fire, and what every recorded series must hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.durations import format_duration
from watchbill.kinds.slis.history import number
from watchbill.promql import quote
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Fires, Labels, Plan, Records, RuleFile, Scenario

NAME = "tests"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield test files per unit: one from input metrics on, and one per evaluation interval from recorded series on.

    promtool takes one evaluation interval per file, and rules must be absent where a scenario gives what they record.
    """
    for unit in plan.units:
        parts: dict[tuple[bool, int], list[Scenario]] = defaultdict(list)
        for scenario in unit.scenarios:
            parts[scenario.level == "raw", scenario.evaluation].append(scenario)
        for (inputs, pace), listed in parts.items():
            name = f"inputs-{format_duration(pace)}" if inputs else format_duration(pace)
            files = [f for f in unit.files if inputs or not f.reads_inputs]
            yield f"{conventions.TESTS_FOLDER}/{conventions.test_file(unit.name, name)}", _text(files, pace, listed)


def _text(files: list[RuleFile], pace: int, scenarios: list[Scenario]) -> str:
    body: dict[str, Any] = {
        "rule_files": [f"../rules/{f.path}" for f in files],
        "evaluation_interval": format_duration(pace),
        "group_eval_order": [g.name for f in files for g in f.groups],
        "tests": [_test(s) for s in scenarios],
    }
    return f"# {conventions.GENERATED_MARK}\n{dump(body)}"


def _test(scenario: Scenario) -> dict[str, Any]:
    checks = [_alert_check(f) for f in scenario.fires]
    for record in scenario.records:
        checks.extend(_record_checks(record))
    return {
        "name": scenario.name,
        "interval": format_duration(scenario.step),
        "input_series": [{"series": series_name(s.name, s.labels), "values": s.values} for s in scenario.series],
        "promql_expr_test": checks,
    }


def series_name(name: str, labels: Labels) -> str:
    """Return a series in promtool's notation."""
    inside = ",".join(f"{k}={quote(v)}" for k, v in labels)
    return f"{name}{{{inside}}}" if labels or not name else name


def _alert_check(fires: Fires) -> dict[str, Any]:
    """`ALERTS` rather than alert_rule_test: exact labels and state, and no text that differs between versions."""
    expr = f'ALERTS{{alertname="{fires.alert}",alertstate="firing"}}'
    name = (("alertname", fires.alert), ("alertstate", "firing"))
    samples = [{"labels": series_name("ALERTS", (*name, *group)), "value": 1} for group in fires.firing]
    return {"expr": expr, "eval_time": format_duration(fires.at), "exp_samples": samples}


def _record_checks(record: Records) -> Iterator[dict[str, Any]]:
    """How many samples there are, and that each is its value to within the tolerance: floats differ by version."""
    at = format_duration(record.at)
    selector = series_name(record.record, record.labels)
    counted = [{"labels": "{}", "value": len(record.samples)}] if record.samples else []
    yield {"expr": f"count({selector})", "eval_time": at, "exp_samples": counted}
    for labels, value in record.samples:
        one = series_name(record.record, labels)
        margin = number(max(record.tolerance * abs(value), record.tolerance))
        expr = f"abs({one} - {number(value) if value >= 0 else f'({number(value)})'}) < bool {margin}"
        yield {"expr": expr, "eval_time": at, "exp_samples": [{"labels": series_name("", labels), "value": 1}]}
