"""Label values that read like a real platform's."""

from collections.abc import Iterable, Mapping
from itertools import islice, product

from watchbill.promql import Op, Selector
from watchbill.regexes import examples

WORDS: Mapping[str, tuple[str, ...]] = {
    "agent": ("support", "billing", "research"),
    "model": ("large", "small"),
    "tool": ("search_orders", "refund", "send_email"),
    "repository": ("eu-central", "us-east"),
    "suite": ("golden-support", "regression"),
    "queue": ("runs", "evals"),
    "cursor": ("missing", "expired", "unknown"),
    "outcome": ("success", "handoff", "completed"),
    "result": ("gap", "full_replay", "rejected"),
    "verdict": ("fail", "error"),
}
MANY = 12


def group_values(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values a group label takes."""
    return allowed or WORDS.get(name, (f"{name}-1", f"{name}-2"))


def variants(selector: Selector, avoid: Selector | None, fixed: Mapping[str, str]) -> list[dict[str, str]]:
    """Return label sets that the selector selects and `avoid` does not: each value its regexes name."""
    against = avoid if avoid is not None and avoid.metric == selector.metric else None
    matchers = (*selector.matchers, *(against.matchers if against else ()))
    names = list(dict.fromkeys(m.name for m in matchers if m.name not in fixed))
    choices: Iterable[tuple[tuple[str, str], ...]] = product(*[_values(selector, name) for name in names])
    found = []
    for choice in islice(choices, MANY):
        labels = {**dict(choice), **fixed}
        labels = {k: v for k, v in labels.items() if v}
        if selector.matches(labels) and not (against and against.matches(labels)):
            found.append(labels)
    if not found and (one := selector.example(avoid=avoid, fixed=fixed)) is not None:
        found = [one]
    return found


def _values(selector: Selector, name: str) -> list[tuple[str, str]]:
    values: list[str] = []
    for matcher in selector.on([name]):
        if matcher.op is Op.EQ:
            values.append(matcher.value)
        elif matcher.op is Op.RE:
            values.extend(examples(matcher.value))
    return [(name, v) for v in dict.fromkeys(values or WORDS.get(name) or ("ok", "success"))]
