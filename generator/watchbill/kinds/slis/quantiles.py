"""A histogram whose quantile is on one side of a limit in good stretches of a history, and on the other in bad ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.decimals import literal
from watchbill.kinds.slis.exposition import INSTANCE, pinned, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.kinds.slis.history import History
    from watchbill.model import Series
    from watchbill.promql import Selector

NEAR = 0.05
"""Bounds lie this share of the limit around it, so that the quantile is close to it on either side."""
PER_SAMPLE = 1000.0


@dataclass(frozen=True, slots=True)
class Judged:
    """The quantile `q` over windows of `each` ms against `limit`; `low_is_good` says on which side."""

    bucket: Selector
    q: float
    limit: float
    each: int
    low_is_good: bool

    def above(self, *, high: bool) -> float:
        """Return the share of a sample's events above the limit: well below what it takes, or well above."""
        tail = 1 - self.q
        return min(2 * tail, (1 + tail) / 2) if high else 0.6 * tail

    def raw(self, history: History, group: Mapping[str, str]) -> tuple[Series, ...] | None:
        """Two targets, one with the events below the limit and one with those above: only their sum tells."""
        fixed = pinned(self.bucket, group)
        labels = self.bucket.example(fixed=fixed)
        if labels is None or self.limit <= 0 or "le" in labels or fixed["instance"] != INSTANCE["instance"]:
            return None
        below: list[float | None] = []
        above: list[float | None] = []
        seen = slow = 0.0
        for n, e in zip(history.events, history.errors, strict=True):
            seen += PER_SAMPLE * (n or 0.0)
            slow += round(PER_SAMPLE * self.above(high=bool(e) == self.low_is_good)) * (n or 0.0)
            below.append(None if n is None else seen - slow)
            above.append(None if n is None else slow)
        none = [None if n is None else 0.0 for n in history.events]
        bounds = [literal(self.limit * (1 - NEAR)), literal(self.limit), literal(self.limit * (1 + NEAR)), "+Inf"]
        return tuple(
            series(self.bucket, {**labels, "instance": instance, "le": le}, shown)
            for instance, ladder in (
                ("instance-1", (none, below, below, below)),
                ("instance-2", (none, none, above, above)),
            )
            for le, shown in zip(bounds, ladder, strict=True)
        )

    def is_bad(self, history: History, at: int) -> bool | None:
        """Whether the window that ends at `at` ms is bad; None where it has fewer than two samples, or no events."""
        inside = [i for i in history.samples(at - self.each, at) if history.events[i] is not None]
        if len(inside) < 2 or not any(history.events[i] for i in inside):
            return None
        shares = [self.above(high=bool(history.errors[i]) == self.low_is_good) for i in inside[1:]]
        return (sum(shares) / len(shares) > 1 - self.q) == self.low_is_good
