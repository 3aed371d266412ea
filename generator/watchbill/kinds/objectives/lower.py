"""One SLO to its rule file: groups by pace and derivation level, so that no rule reads one of its own group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.groups import rule_groups
from watchbill.kinds.objectives import alerts, budget, companions, recording
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.tiles import backfill_rules, tile_rules
from watchbill.model import Alert, RecordingRule, RuleFile, RuleGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.objectives.facts import Facts


def rule_files(facts: Facts) -> tuple[RuleFile, ...]:
    """Return the rules of one SLO: input metrics to tiles, and all that is made of tiles.

    The errors tile is the one rule that reads a rule of its own group (its zeros): events come first, and an engine
    that is an interval late there reads the same label sets, times 0.
    """
    reads = Reads(facts)
    tile, slow = facts.timing.tile, facts.timing.slow

    def group(level: str, interval: int, rules: Iterable[RecordingRule | Alert]) -> Iterator[RuleGroup]:
        return rule_groups(facts.service, facts.name, level, interval, rules)

    fast_alerts = (*alerts.burn_alerts(facts, reads, slow=False), *companions.companion_alerts(facts, reads))
    groups = (
        *group("windows", tile, recording.window_rules(facts, reads, slow=False)),
        *group("rollup", slow, (*recording.rollup_rules(facts), *recording.metadata_rules(facts))),
        *group(
            "slow-windows", slow, (*recording.window_rules(facts, reads, slow=True), *budget.base_rules(facts, reads))
        ),
        *group("evidence", tile, recording.evidence_rules(facts, reads, slow=False)),
        *group(
            "slow-evidence", slow, (*recording.evidence_rules(facts, reads, slow=True), *budget.period_rules(facts))
        ),
        *group("alerts", tile, fast_alerts),
        *group("verdict", slow, (*budget.verdict_rules(facts, reads), *alerts.burn_alerts(facts, reads, slow=True))),
    )
    tiles = tuple(group("tiles", tile, tile_rules(facts)))
    return (
        RuleFile(conventions.rule_file(facts.name, "tiles"), tiles, reads_inputs=True),
        RuleFile(conventions.rule_file(facts.name), groups),
    )


def backfill_file(facts: Facts) -> RuleFile:
    """Return the slow tiles as rules over raw history, at a phase of their own: it follows from the file's path."""
    name = conventions.group(facts.service, facts.name, "rollup")
    return RuleFile(conventions.rule_file(facts.name), (RuleGroup(name, facts.timing.slow, backfill_rules(facts)),))
