"""Right through: a runaway in the counters fires the quickest alert, and clears; a usual day fires nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import HOUR, MINUTE, round_up
from watchbill.kinds.budgets.alerts import KEEP_FIRING
from watchbill.kinds.budgets.scenarios.inputs import shown, step_of
from watchbill.kinds.slis.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Scenario, Series

QUIET = 10 * MINUTE
LONGEST = 3 * HOUR
RUNAWAY = 12 * MINUTE


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the quickest tier's story, where it is not too long."""
    ledger = stage.ledger
    if ledger.item.alerts.burn == "off" or not ledger.tiers:
        return
    tier = ledger.tiers[0]
    if tier.long > LONGEST or tier.slow:
        return
    alert, settle = names.burn_alert(ledger.item.name, tier.name), ledger.setting.timing.settle
    runaway = round_up(max(RUNAWAY, tier.short + 4 * stage.tile), stage.tile)
    step = step_of(stage)
    begin, end = QUIET, QUIET + runaway
    after = tier.short + KEEP_FIRING + 2 * stage.slow + 8 * stage.tile + settle
    count = round_up(end + after, stage.tile) // step + 1
    hot = 1.5 * tier.budget * step / min(runaway, tier.long)
    usual = hot / 100 * min(1.0, tier.long / ledger.period.length * 100)
    series: dict[tuple[str, object], Series] = {}
    pot = stage.pots[-1]
    for group, amount in stage.parts(1.0) if ledger.shared else [(g, stage.allowance(g)) for g in stage.judged]:
        rates = [
            usual + (hot if begin < n * step <= end and (ledger.shared or group == pot) else 0) for n in range(count)
        ]
        history = History(step, tuple(rate * amount for rate in rates), (0.0,) * count)
        found = shown(stage, history, group)
        if found is None:
            return
        series.update({(s.name, s.labels): s for s in found})
    gone = round_up(end + settle + tier.short + KEEP_FIRING + 2 * stage.tile + ledger.setting.timing.lag, stage.tile)
    fires = [
        stage.fires(alert, begin, []),
        stage.fires(alert, round_up(end + settle + stage.tile, stage.tile), [pot]),
        stage.fires(alert, gone + stage.tile, []),
    ]
    yield stage.scenario(f"{alert}: a runaway in the counters fires, and clears", "raw", step, stage.tile,
                         series.values(), fires)  # fmt: skip
