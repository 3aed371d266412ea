"""How counters are counted: exact tiles of what they gained, and the exposition that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.decimals import literal
from watchbill.durations import SECOND, format_duration, offset
from watchbill.kinds.slis.exposition import pinned, series, up_series
from watchbill.kinds.slis.looks import targets_up
from watchbill.promql import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.base import TileContext
    from watchbill.kinds.slis.history import History, Truth
    from watchbill.model import Check, Series


@dataclass(frozen=True, slots=True)
class Counting:
    """What is known of the counters' targets.

    `new_series` is count or ignore; `liveness` the gauge that is 1 while a target was scraped (None: `up`);
    `process_start` the gauge with the counting process's start.
    """

    new_series: str = "count"
    liveness: Selector | None = None
    process_start: Selector | None = None

    def gained(
        self, selector: Selector, context: TileContext, up: Selector, reader: str = "{}", noise: float = 0
    ) -> str:
        """Return what each series gained in one interval: a telescoping difference of raw counters.

        Left end: the last sample inside the tile; its range is a whole interval, since one a millisecond short would
        blind a target scraped at just that phase for good on 3.x. Right end: the last sample before the tile, up to
        `bridge` back. A counter that fell was reset, a label set without a right end is new: both count from 0 if the
        target was up in that stretch (a shorter guard would lose resets of targets that were away longer than it).
        Everything is read `settle` late, when each scrape that started has been appended (alert-math, section 2).
        `reader` turns a range read into a float counter (`histogram_count({})` for native histograms), which falls by
        up to `noise` without a reset. `up` is the liveness of the targets.
        """
        now, before = offset(context.settle), offset(context.settle + context.interval)
        left = reader.format(f"last_over_time({selector}[{format_duration(context.interval)}]{now})")
        right = reader.format(f"last_over_time({selector}[{format_duration(context.bridge)}]{before})")
        branches = [f"(\n  {left}\n  - {right}\n  >= {literal(-noise) if noise else 0}\n)"]
        if self.new_series == "ignore":
            branches.append(f"{left}\n< {right}")
        else:
            alive = f"max_over_time({up}[{format_duration(context.bridge)}]{before}) == 1"
            branches.append(f"{left}\nand on (job, instance) ({alive})")
        if self.process_start is not None:
            recent = literal((context.bridge + context.interval + context.settle) / SECOND)
            born = f"last_over_time({self.process_start}[{format_duration(context.interval)}]{now}) > time() - {recent}"
            branches.append(f"{left}\nand on (job, instance) ({born})")
        return "\nor\n".join(branches)

    def up(self, selector: Selector) -> Selector:
        """Return the selector of the liveness of what exposes a counter."""
        return self.liveness or Selector("up", selector.on(("job", "instance")))

    def looks(self, selector: Selector | None) -> Iterator[Check]:
        """Yield the query whether the targets are up."""
        if self.new_series == "count" and selector is not None:
            yield targets_up(self.up(selector))

    def targets(self, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        """Return the liveness that is named, or what there is otherwise; nothing where counters have no target."""
        if self.new_series == "ignore":
            return ()
        return (str(self.liveness),) if self.liveness is not None else otherwise

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """Counters count the increments scraped in the tile; the very first sample only if its process is young.

        After a target was down for longer than the bridge, its first sample is where counting begins anew.
        """
        begin, end = at - context.settle - context.interval, at - context.settle
        young = self.process_start is not None
        bridged = history.samples(begin - context.bridge, begin)
        if history.down and begin >= 0 and all(history.events[i] is None for i in bridged):
            return None
        return history.increments(begin, end, first=young) if begin >= 0 or young else None

    def exposed(
        self, total: Selector, history: History, group: dict[str, str], *parts: tuple[Series, ...] | None
    ) -> tuple[Series, ...] | None:
        """Return the parts and the liveness gauge of the target that exposes them; None where a part is."""
        if any(part is None for part in parts):
            return None
        found = tuple(s for part in parts if part for s in part)
        if self.new_series == "ignore":
            return found
        labels = pinned(total, group)
        return (*found, up_series(self.liveness, labels, history), *self._born(labels, history))

    def _born(self, labels: dict[str, str], history: History) -> tuple[Series, ...]:
        if self.process_start is None:
            return ()
        born: list[float | None] = [0.0] * len(history.events)
        return (series(self.process_start, {k: labels[k] for k in ("job", "instance")}, born),)
