"""Base of the kinds that look once per evaluation: each evaluation is one event, good or bad."""

from __future__ import annotations

from typing import ClassVar

from watchbill.kinds.slis.base import Sli, TileContext, Tiles
from watchbill.kinds.slis.history import History, Truth


class SampledSli(Sli):
    """A condition looked at once per rule evaluation, per series."""

    samples_slots: ClassVar[bool] = True

    def sampled_tiles(self, seen: str, bad: str, context: TileContext) -> Tiles:
        """Return tiles counting the series of `seen` (all) and of `bad`; a label set with none bad has 0 errors."""
        weight = f" * {context.weight}" if context.weight > 1 else ""
        events = self.aggregate(seen, "count") + weight
        errors = self.aggregate(bad, "count") + weight
        return Tiles(events, f"{errors}\nor\n{context.zero} * 0")

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """The sample an instant selector sees: the newest one not older than the lookback of 5 minutes."""
        newest = min(at // history.step, len(history.events) - 1)
        for i in range(newest, -1, -1):
            if at - i * history.step >= 300_000:
                return None
            if history.events[i] is not None:
                return Truth(float(context.weight), context.weight * (1.0 if history.errors[i] else 0.0))
        return None
