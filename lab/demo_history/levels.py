"""Which recording rules read which: a rule is evaluated once all that it reads has been written."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from watchbill import promql
from watchbill.model import Plan, RecordingRule

EQUAL = "MatchOp.Equal"


@dataclass(frozen=True)
class Step:
    """One rule and the pace of its group, seconds."""

    rule: RecordingRule
    interval: int


def levels(plan: Plan) -> Iterator[list[Step]]:
    """Yield rules level by level."""
    steps = [
        Step(rule, group.interval // 1000)
        for unit in plan.units
        for file in unit.files
        for group in file.groups
        for rule in group.rules
        if isinstance(rule, RecordingRule)
    ]
    by_record = defaultdict[str, list[int]](list)
    for n, step in enumerate(steps):
        by_record[step.rule.record].append(n)
    needs = [set(_reads(step, steps, by_record)) for step in steps]
    depth: dict[int, int] = {}

    def level(n: int, above: frozenset[int] = frozenset()) -> int:
        if n not in depth:
            if n in above:
                raise RuntimeError(f"{steps[n].rule.record} reads itself")
            depth[n] = 1 + max((level(other, above | {n}) for other in needs[n]), default=0)
        return depth[n]

    for n in range(len(steps)):
        level(n)
    for height in range(1, max(depth.values(), default=0) + 1):
        yield [step for n, step in enumerate(steps) if depth[n] == height]


def _reads(step: Step, steps: list[Step], by_record: dict[str, list[int]]) -> Iterator[int]:
    for selector in promql.selectors(promql.parse(step.rule.expr)):
        for n in by_record.get(selector.name or "", ()):
            labels = dict(steps[n].rule.labels)
            matchers = [m for m in selector.matchers.matchers if m.name in labels]
            if all(m.value == labels[m.name] for m in matchers if str(m.op) == EQUAL):
                yield n
