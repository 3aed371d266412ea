"""One budget to its Unit: groups by pace and derivation level, so that no rule reads one of its own group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import budgets as names
from watchbill.kinds.budgets import alerts, anomaly, health, limiting, panels, period, recording
from watchbill.kinds.budgets.inhibitions import inhibitions
from watchbill.kinds.budgets.ledger import Ledger
from watchbill.kinds.budgets.scenarios import scenarios
from watchbill.kinds.budgets.tiles import backfill_file, reset_rules, tile_rules
from watchbill.model import RuleFile, Unit

if TYPE_CHECKING:
    from watchbill.kinds.budgets.section import Budget
    from watchbill.kinds.setting import Setting


def unit(item: Budget, setting: Setting) -> Unit:
    """Return what the budget comes to."""
    ledger = Ledger(item, setting, names.KEY)
    return Unit(
        item.name,
        rule_files(ledger),
        partial(scenarios, ledger),
        backfill_file(ledger),
        show=partial(panels.display, ledger),
        hush=partial(inhibitions, ledger),
        limits=limiting.limits(ledger),
    )


def rule_files(ledger: Ledger) -> tuple[RuleFile, ...]:
    """Return the rules: counters to tiles, and all that is made of tiles."""
    tile, slow = ledger.setting.timing.tile, ledger.setting.timing.slow
    rollup = (*recording.rollup_rules(ledger), *recording.metadata_rules(ledger), *period.clock_rules(ledger))
    sums = (*recording.window_rules(ledger, slow=True), *recording.mean_rules(ledger), *recording.level_rules(ledger))
    since = (*period.since_rules(ledger), *anomaly.baseline_rules(ledger))
    spent = (*period.planned_rules(ledger), *recording.spent_rules(ledger), *anomaly.ratio_rules(ledger))
    told = (*alerts.allowance_alerts(ledger), *alerts.anomaly_alerts(ledger), *alerts.burn_alerts(ledger, slow=True))
    trust = (*health.price_alerts(ledger), *health.counter_alerts(ledger), *health.drift_alerts(ledger))
    groups = (
        *ledger.groups("windows", tile, recording.window_rules(ledger, slow=False)),
        *ledger.groups("rollup", slow, rollup),
        *ledger.groups("slow-windows", slow, (*sums, *period.plan_rules(ledger), *period.stamp_rules(ledger))),
        *ledger.groups("since", slow, since),
        *ledger.groups("spent", slow, spent),
        *ledger.groups("outlook", slow, (*recording.outlook_rules(ledger), *anomaly.scale_rules(ledger))),
        *ledger.groups("alerts", tile, (*alerts.burn_alerts(ledger, slow=False), *limiting.limit_alerts(ledger))),
        *ledger.groups("verdict", slow, (*told, *trust)),
    )
    tiles = (
        *ledger.groups("tiles", tile, tile_rules(ledger)),
        *ledger.groups("resets", slow, reset_rules(ledger)),
    )
    path = conventions.rule_file
    return (
        RuleFile(path(ledger.item.name, "tiles"), tiles, reads_inputs=True),
        RuleFile(path(ledger.item.name), groups),
    )
