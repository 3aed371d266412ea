"""What budgets read: groups that spend about what they may, one that is running away now, and what stands beside."""

from collections.abc import Iterator

import numpy as np

from lab.demo_history.series import Stored
from lab.demo_history.story import ONGOING
from lab.demo_history.times import Past
from lab.demo_history.words import WORDS
from watchbill.conventions import budgets as names
from watchbill.kinds.budgets import Budget
from watchbill.kinds.budgets.ledger import Ledger
from watchbill.kinds.budgets.scenarios.common import Stage
from watchbill.kinds.setting import Setting
from watchbill.kinds.slis.exposition import INSTANCE, pinned

USE, RUNAWAY, TABLE_AGE = 0.7, 70.0, 20 * 86400
STRANGER = "research"


def spending(budget: Budget, setting: Setting, times: Past, rng: np.random.Generator) -> Iterator[Stored]:
    """Yield the counter by group and cause, and its companions. Work, and so spending, is most at noon."""
    stage = Stage(Ledger(budget, setting, names.KEY))
    at = np.array(times.scrapes(), dtype=float)
    shape = 1 + 0.4 * np.sin(2 * np.pi * (at % 86400) / 86400)
    total = np.zeros(len(at))
    for n, (group, amount) in enumerate(stage.parts(1.0)):
        per_scrape = USE * amount * times.gaps() * 1000 / stage.ledger.period.length
        if not stage.ledger.shared:
            per_scrape *= 1 if n == 0 else 6  # undoes that others spend less
        rate = per_scrape * shape * rng.gamma(8, 1 / 8, len(at))
        if n == 0:
            rate = np.where(at >= times.trouble - ONGOING, RUNAWAY * rate, rate)
        total += rate
        listed = dict(stage.ledger.listed)
        shown = {k: _word(k, v, n, listed=bool(listed[k])) for k, v in group.items()}
        for k, causes in enumerate(_causes(budget)):
            fixed = {**pinned(budget.counter, shown), **shown, **causes}
            labels = budget.counter.example(fixed=fixed) or fixed
            yield Stored(budget.counter.metric, labels, at.tolist(), np.cumsum(rate * (0.7, 0.3)[k]).tolist())
    yield from _beside(budget, times, total)


def _word(label: str, value: str, n: int, *, listed: bool) -> str:
    if listed:
        return STRANGER if value == names.OTHER else value
    return WORDS[label][n] if label in WORDS else value


def _causes(budget: Budget) -> list[dict[str, str]]:
    both = [{c: WORDS.get(c, (f"{c}-1", f"{c}-2"))[k] for c in budget.causes} for k in (0, 1)]
    return both if budget.causes else [{}]


def _beside(budget: Budget, times: Past, total: np.ndarray) -> Iterator[Stored]:
    at = list(times.scrapes())
    if budget.unpriced is not None:
        labels = budget.unpriced.example(fixed=INSTANCE | (budget.unpriced.example() or {})) or {}
        rising = [float(max(0.0, t - times.trouble + 1800) // 60 * 250) for t in at]
        yield Stored(budget.unpriced.metric, {**labels, "model": "brand-new-model", "provider": "acme"}, at, rising)
    if budget.price_table is not None:
        labels = {**INSTANCE, **(budget.price_table.timestamp.example() or {})}
        yield Stored(budget.price_table.timestamp.metric, labels, at, [float(times.now - TABLE_AGE)] * len(at))
    if budget.compare_with is not None:
        labels = {**INSTANCE, **(budget.compare_with.counter.example() or {})}
        yield Stored(budget.compare_with.counter.metric, labels, at, (0.98 * np.cumsum(total)).tolist())
