"""An objective's series as a page reads them: for the group that the alert fired for, at any pace of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import format_duration
from watchbill.kinds.setting import stale_read
from watchbill.kinds.slis.looks import Sight
from watchbill.promql import Matcher, Op, quote

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads
    from watchbill.model import Labels
    from watchbill.promql import Selector

SCOPE_LABELS = ("job", "namespace", "cluster", "region", "environment", "env")
"""Labels that say where a service runs, by the names they usually have."""


class Lens:
    """Builds the queries of a page. `grouped`: the firing alert carries the group's labels."""

    def __init__(self, facts: Facts, reads: Reads, *, grouped: bool = True) -> None:
        self.facts, self.reads = facts, reads
        self.labels = facts.sli.group_names if grouped else ()
        self.group = tuple(Matcher(name, Op.EQ, f"${name}") for name in self.labels)

    def ref(self, record: str) -> str:
        """Return a recorded series of the objective."""
        more = "".join(f",{m}" for m in self.group)
        return f"{record}{self.facts.matchers[:-1]}{more}}}"

    def slow(self, record: str) -> str:
        """Return a read of a series that is recorded at the slow pace: an instant one sees nothing after 5 minutes."""
        over = format_duration(stale_read(self.facts.timing.slow))
        return f"last_over_time({self.ref(record)}[{over}])"

    def window(self, what: str, length: int) -> str:
        """Return a read of a window sum."""
        record = conventions.window_sum(what, length)
        return self.slow(record) if self.reads.slow_of[what, length] else self.ref(record)

    def sight(self, over: int) -> Sight:
        """Return how the input metrics are looked at, `over` ms back."""
        facts = self.facts
        return Sight(self.group, facts.causes, format_duration(over), facts.service, facts.timing.tile, facts.objective)

    def metrics(self) -> tuple[str, ...]:
        """Return the names of the input metrics, for the choice of a topic."""
        return tuple(dict.fromkeys(i.selector.metric for i in self.facts.sli.inputs()))

    def values(self) -> Labels:
        """Return what fills the placeholders of knowledge."""
        facts = self.facts
        inputs = facts.sli.inputs()
        scope = ",".join(str(m) for m in _scope(inputs[0].selector)) if inputs else ""
        return (
            ("slo", facts.name),
            ("objective", f"{100 * facts.objective:.10g}%"),
            ("period", facts.period.text),
            ("scope", scope),
        )

    def state(self, alert: str) -> str:
        """Return the series that says since when an alert has been active."""
        more = "".join(f",{m}" for m in self.group)
        return f"ALERTS_FOR_STATE{{alertname={quote(alert)},{self.facts.matchers[1:-1]}{more}}}"


def _scope(selector: Selector) -> tuple[Matcher, ...]:
    return selector.on(SCOPE_LABELS)
