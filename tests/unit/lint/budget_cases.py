"""Cases of the codes of budgets and their limits: what triggers each, and a near miss."""

from __future__ import annotations

from typing import Any

from tests.unit.factories import a_spec
from tests.unit.lint.cases import Case, Spec


def budget(**changed: Any) -> Spec:
    own = {"name": "bill", "counter": 'cost_usd_total{job="api"}', "allowance": "7000 usd", "per": "month", **changed}
    return a_spec(budgets=[{key: value for key, value in own.items() if value is not None}])


def limits(*listed: Spec, **changed: Any) -> Spec:
    return budget(limits=list(listed), **changed)


PACE = {"when": "pace > 150%", "fan_out": 7}
EACH = {"allowance": "7 usd each", "by": ["agent"]}

CASES = [
    Case("WB300", "an unknown unit", budget(allowance="7000 dollars"), budget(), "7000 dollars"),
    Case("WB300", "nothing to spend", budget(allowance=0), budget(allowance=0.5), "0"),
    Case("WB301", "each of nothing", budget(allowance="7 usd each"), budget(**EACH), ""),
    Case("WB301", "groups without a label", budget(allowance={"a": 7}), budget(allowance={"a": 7}, by="agent"), ""),
    Case("WB301", "a group that is not listed", budget(allowance={"a": 7, "b": 7}, by={"agent": ["a"]}),
         budget(allowance={"a": 7, "other": 7}, by={"agent": ["a"]}), "7"),
    Case("WB301", "a group without an amount", budget(allowance={"a": 7}, by={"agent": ["a", "b"]}),
         budget(allowance={"a": 7, "b": 7}, by={"agent": ["a", "b"]}), ""),
    Case("WB302", "minutes of dollars", budget(allowance="7 minutes"),
         budget(allowance="7 minutes", counter='run_seconds_total{job="api"}'), "cost_usd"),
    Case("WB302", "a floor in another unit", budget(anomaly_floor="7 hours"), budget(anomaly_floor="7 usd"), "7 hours"),
    Case("WB303", "a year", budget(per="year"), budget(per="90d"), "year"),
    Case("WB304", "weekends of a day", budget(per="day", plan="weekly"), budget(per="week", plan="weekly"), "weekly"),
    Case("WB305", "a share without its sign", budget(plan={"weekends": 35}), budget(plan={"weekends": "35%"}), ""),
    Case("WB306", "prices of calls",
         budget(allowance="7M calls", counter='calls_total{job="api"}', unpriced="unpriced_total"),
         budget(unpriced="unpriced_total"), "unpriced_total"),
    Case("WB307", "a gauge", budget(counter='cost_usd{job="api"}'), budget(), "cost_usd"),
    Case("WB308", "matchers that contradict", budget(counter='cost_usd_total{job="a",job="b"}'),
         budget(counter='cost_usd_total{job="a",job=~"a|b"}'), "cost_usd"),
    Case("WB309", "a liveness nobody asks for", budget(new_series="ignore", liveness="alive"),
         budget(liveness="alive"), "alive"),
    Case("WB310", "a quantity that is none", limits({**PACE, "when": "speed > 150%"}), limits(PACE), "speed"),
    Case("WB311", "nothing to do", limits({"when": "pace > 150%"}), limits(PACE), ""),
    Case("WB312", "a tier that is none", limits({**PACE, "when": "burn quick"}),
         limits({**PACE, "when": "burn fast"}), "burn quick"),
    Case("WB313", "one bound twice", limits(PACE, {"when": "pace >= 150%", "pause_schedules": True}),
         limits(PACE, {"when": "pace >= 151%", "pause_schedules": True}), "pace >= 150%", frozenset({"WB380"})),
]  # fmt: skip
