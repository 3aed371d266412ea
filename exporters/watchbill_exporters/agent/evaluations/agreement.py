"""How far evaluators agree with people, over the last so many items that both have judged."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OVER = 1000
PENDING = 20_000
EVALUATORS = 200


class Agreement:
    """Judge and person come in any order; a verdict waits for its counterpart while there is room.

    `shown` gives the label of an evaluator.
    """

    def __init__(self, shown: Callable[[str], str], over: int = OVER, pending: int = PENDING) -> None:
        self._shown, self._over, self._most = shown, over, pending
        self._waiting: OrderedDict[str, str] = OrderedDict()
        self._pairs: dict[str, deque[bool]] = {}

    def judged(self, evaluator: str, item: str, verdict: str) -> None:
        self._meet("judge", "human", evaluator, item, verdict)

    def labelled(self, evaluator: str, item: str, verdict: str) -> None:
        self._meet("human", "judge", evaluator, item, verdict)

    def ratios(self) -> dict[str, float]:
        """Return the share of agreement by evaluator; absent while nothing could be compared."""
        return {evaluator: sum(pairs) / len(pairs) for evaluator, pairs in self._pairs.items() if pairs}

    def export(self) -> dict[str, Any]:
        pairs = {evaluator: [int(agreed) for agreed in pairs] for evaluator, pairs in self._pairs.items()}
        return {"waiting": list(self._waiting.items()), "pairs": pairs}

    def restore(self, data: dict[str, Any]) -> None:
        self._waiting = OrderedDict((str(key), str(verdict)) for key, verdict in data["waiting"])
        self._pairs = {name: deque(map(bool, pairs), self._over) for name, pairs in data["pairs"].items()}

    def _meet(self, mine: str, theirs: str, evaluator: str, item: str, verdict: str) -> None:
        other = self._waiting.pop(_key(theirs, evaluator, item), None)
        if other is not None:
            self._compare(self._shown(evaluator), agreed=other == verdict)
            return
        key = _key(mine, evaluator, item)
        self._waiting[key] = verdict
        self._waiting.move_to_end(key)
        if len(self._waiting) > self._most:
            self._waiting.popitem(last=False)

    def _compare(self, evaluator: str, *, agreed: bool) -> None:
        if evaluator not in self._pairs and len(self._pairs) >= EVALUATORS:
            return
        self._pairs.setdefault(evaluator, deque(maxlen=self._over)).append(agreed)


def _key(side: str, evaluator: str, item: str) -> str:
    """Short, and without what the item's name may tell of a person."""
    return hashlib.sha256(f"{side}\0{evaluator}\0{item}".encode()).hexdigest()[:24]
