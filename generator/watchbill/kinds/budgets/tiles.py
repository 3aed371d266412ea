"""The first rules of every budget: exact tiles of what is spent, by group, and of what is counted beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import budgets as names
from watchbill.durations import HOUR, format_duration, offset
from watchbill.kinds.budgets.period import seen, stamped_by
from watchbill.kinds.slis.base import indented
from watchbill.model import RecordingRule, RuleFile, RuleGroup
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger, Part
    from watchbill.promql import Selector


def tile_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the tiles."""
    tile = ledger.setting.timing.tile
    yield RecordingRule(names.tile(names.SPEND, tile), spend(ledger), ledger.labels, "spent in one rule interval")
    for what, selector in ledger.counted:
        yield RecordingRule(names.tile(what, tile), _whole(ledger, selector), ledger.labels)


def reset_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield how often the counter's most restless series fell in an hour."""
    if ledger.item.alerts.resets != "off":
        late = offset(ledger.setting.timing.settle)
        expr = f"max(resets({ledger.item.counter}[{format_duration(HOUR)}]{late}))"
        yield RecordingRule(names.RESETS, expr, ledger.labels)


def spend(ledger: Ledger, *, slow: bool = False) -> str:
    """Return the tile of what is spent, by group; each series comes under just one."""
    return "\nor\n".join(_part(ledger, part, slow=slow) for part in ledger.parts)


def _part(ledger: Ledger, part: Part, *, slow: bool) -> str:
    counting, counter = ledger.item.counting, ledger.item.counter
    gained = counting.gained(counter.where(part.matchers), ledger.context(slow=slow), counting.up(counter))
    kept = [name for name in ledger.group_names if name not in part.others]
    by = f" by ({', '.join(kept)}) " if kept else ""
    expr = f"sum{by}(\n{indented(gained)}\n)"
    for name in part.others:
        expr = f'label_replace(\n{indented(expr)},\n  "{name}", {quote(names.OTHER)}, "", ""\n)'
    return expr


def _whole(ledger: Ledger, selector: Selector, *, slow: bool = False) -> str:
    counting = ledger.item.counting
    return f"sum(\n{indented(counting.gained(selector, ledger.context(slow=slow), counting.up(selector)))}\n)"


def backfill_file(ledger: Ledger) -> RuleFile:
    """Return the slow tiles, plain and stamped, as rules over raw history: no rule reads another."""
    slow, item = ledger.setting.timing.slow, ledger.item
    tile = spend(ledger, slow=True)
    rules = [RecordingRule(names.tile(names.SPEND, slow), tile, ledger.labels)]
    if ledger.period.is_calendar:
        rules.append(RecordingRule(names.stamped(slow), stamped_by(ledger, f"(\n{indented(tile)}\n)"), ledger.labels))
    since = names.seen(calendar=ledger.period.is_calendar)
    rules.append(RecordingRule(since, seen(ledger, f"(\n{indented(tile)}\n)"), ledger.labels))
    rules += [
        RecordingRule(names.tile(w, slow), _whole(ledger, s, slow=True), ledger.labels) for w, s in ledger.counted
    ]
    group = conventions.group(ledger.setting.service, item.name, "rollup")
    return RuleFile(conventions.rule_file(item.name), (RuleGroup(group, slow, tuple(rules)),))
