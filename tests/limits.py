"""A plan with limits, as budgets will bring them: by agent, for all, and by agent and tenant."""

from dataclasses import replace
from typing import Any

from tests.unit.factories import a_spec, planned
from watchbill import conventions
from watchbill.model import Alert, Limit, Page, Plan, RuleFile, RuleGroup, Unit

ITEM = (conventions.BUDGET, "model-spend")
LIMITS = (
    Limit("spend-pace", "ModelSpendPace", *ITEM, "pace > 150%", ("agent",),
          (("tool_calls_per_run", 25), ("min_pause_seconds", 0.5))),
    Limit("spend-most", "ModelSpendMost", *ITEM, "spent > 95%", ("agent",),
          (("route_model", "small"), ("tool_calls_per_run", 10), ("min_pause_seconds", 2))),
    Limit("spend-all", "ModelSpendAll", *ITEM, "spent > 100%", (),
          (("pause_schedules", True), ("route_model", "tiny"))),
    Limit("spend-tenant", "ModelSpendTenant", *ITEM, "spent > 100%", ("agent", "tenant"), (("tool_calls_per_run", 3),)),
)  # fmt: skip
BY_ID = {limit.id: limit for limit in LIMITS}


def limited(**receivers: Any) -> Plan:
    """Return a plan of a service `shop`: an objective, and a budget with limits."""
    plan = planned(a_spec(routing={"receivers": receivers} if receivers else {}))
    alerts = tuple(_alert(limit) for limit in LIMITS)
    file = RuleFile("model-spend.yml", (RuleGroup("watchbill/shop/model-spend/alerts", 30_000, alerts),))
    return replace(plan, units=(*plan.units, Unit("model-spend", (file,), tuple, limits=LIMITS)))


def labels(limit: str, **groups: str) -> dict[str, str]:
    """Return what the alert of a limit fires with."""
    one = BY_ID[limit]
    return {**dict(_alert(one).labels), "alertname": one.alert, **groups}


def _alert(limit: Limit) -> Alert:
    own = (
        (conventions.SERVICE, "shop"), (limit.label, limit.name), (conventions.SEVERITY, "info"),
        (conventions.HARNESS_LIMIT, limit.id), (conventions.MARKER, "shop"),
    )  # fmt: skip
    page = Page(group_labels=limit.group_labels)
    return Alert(limit.alert, "spent > 1", own, (("summary", "x"),), family="budget-limit", page=page)
