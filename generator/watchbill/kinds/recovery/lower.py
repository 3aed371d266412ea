"""One recovery item to its unit: groups by pace and derivation level, so that no rule reads one of its own group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.recovery import backups, panels, restores, rules, upkeep
from watchbill.kinds.recovery.hush import inhibitions
from watchbill.kinds.recovery.reads import Reads
from watchbill.kinds.recovery.scenarios import scenarios
from watchbill.model import RuleFile, Unit

if TYPE_CHECKING:
    from watchbill.kinds.recovery.section import Recovery
    from watchbill.kinds.setting import Setting


def lowered(item: Recovery, setting: Setting) -> Unit:
    """Return the unit of an item."""
    reads = Reads(item, setting)
    tile, slow, groups = setting.timing.tile, setting.timing.slow, reads.low.groups
    news = (
        *groups("news", tile, rules.news_rules(reads)),
        *groups("sight", tile, rules.sight_rules(reads)),
        *groups("slow", slow, rules.slow_rules(reads)),
        *groups("usual", slow, rules.usual_rules(reads)),
    )
    alerts = (
        *groups("alerts", tile, backups.alerts(reads)),
        *groups("slow-alerts", slow, (*upkeep.alerts(reads), *restores.alerts(reads))),
    )
    return Unit(
        item.name,
        (
            RuleFile(conventions.rule_file(item.name, "news"), news, reads_inputs=True),
            RuleFile(conventions.rule_file(item.name), alerts),
        ),
        partial(scenarios, reads),
        show=partial(panels.display, setting),
        hush=partial(inhibitions, reads),
    )
