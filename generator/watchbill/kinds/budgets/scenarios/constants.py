"""What is the same at any time: the budget's name and allowances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import HOUR
from watchbill.kinds.budgets.recording import metadata_rules
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Scenario


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the constants."""
    own = dict(stage.ledger.labels)
    told = next(dict(rule.labels) for rule in metadata_rules(stage.ledger) if rule.record == names.INFO)
    extra = tuple((k, v) for k, v in told.items() if k not in own)
    expected = [stage.records(names.INFO, HOUR, [({}, 1.0)], extra)]
    if not stage.ledger.pot_names or isinstance(stage.ledger.item.allowance, tuple):
        amounts = [(dict(group), amount.value) for group, amount in stage.ledger.allowances]
        expected.append(stage.records(names.ALLOWANCE, HOUR, amounts))
    anything = Series("up", (("instance", "any"), ("job", "any")), "1x2")
    yield stage.scenario("names and allowances", "windows", HOUR, HOUR, [anything], records=expected)
