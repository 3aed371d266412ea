"""What every SLI kind offers: exact tiles of events and errors, and raw histories that make them come true."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from watchbill import regexes
from watchbill.conventions import RESERVED_LABELS
from watchbill.fields import BAD_LABEL, Section, SelectorField, invalid
from watchbill.kinds.slis.counting import Counting
from watchbill.kinds.slis.looks import Sight, there
from watchbill.promql import LABEL_NAME, Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History, Truth
    from watchbill.kinds.slis.views import View
    from watchbill.model import Check, Panel, Series

UNGROUPABLE = frozenset({"inf", "nan", "without"})
"""Label names that Prometheus' lexer takes for numbers, and a keyword its grammar leaves out of grouping lists."""


@dataclass(frozen=True, slots=True)
class GroupLabel:
    """A label the objective is kept per value of; `values` is the allow-list (empty: every value)."""

    name: str
    values: tuple[str, ...] = ()

    def matcher(self) -> Matcher | None:
        """Return the matcher that keeps the allowed values."""
        if not self.values:
            return None
        if len(self.values) == 1:
            return Matcher(self.name, Op.EQ, self.values[0])
        return Matcher(self.name, Op.RE, "|".join(regexes.escape(v) for v in self.values))


def _group_labels(value: Any) -> tuple[GroupLabel, ...]:
    items: list[tuple[Any, Any]] = []
    for item in [value] if isinstance(value, str | dict) else (value if isinstance(value, list | tuple) else [value]):
        if isinstance(item, GroupLabel):
            items.append((item.name, list(item.values)))
        elif isinstance(item, dict):
            items.extend(item.items())
        else:
            items.append((item, []))
    out: list[GroupLabel] = []
    for name, values in items:
        if not isinstance(name, str) or not LABEL_NAME.fullmatch(name) or name.startswith("__"):
            raise invalid(BAD_LABEL, f"{str(name)[:80]!r} is not a label name")
        if name in RESERVED_LABELS:
            raise invalid(BAD_LABEL, f"'{name}' is a label of the bundle's own and cannot be grouped by")
        if name.lower() in UNGROUPABLE:
            raise invalid(BAD_LABEL, f"PromQL reads '{name}' in by (...) as something else than a label")
        if name in {g.name for g in out}:
            raise invalid(BAD_LABEL, f"'{name}' is named twice")
        allowed = [values] if isinstance(values, str) else values
        if not isinstance(allowed, list) or not all(isinstance(v, str | int) and str(v) for v in allowed):
            message = f"the allow-list of '{name}' must be a list of label values"
            raise invalid(BAD_LABEL, message, "Label values are text: quote the ones that look like numbers.")
        out.append(GroupLabel(name, tuple(dict.fromkeys(str(v) for v in allowed))))
    return tuple(out)


GroupBy = Annotated[
    tuple[GroupLabel, ...],
    BeforeValidator(_group_labels),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
                {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            ],
            "examples": [["agent"], {"agent": ["support", "sales"]}],
        }
    ),
]


@dataclass(frozen=True, slots=True)
class TileContext:
    """How tiles are cut. Times in ms. `zero` is PromQL whose label sets get an errors tile of 0 where none is seen.

    `weight` multiplies kinds that count one event per evaluation, so that a backfill at a slower pace weighs the same.
    """

    interval: int
    settle: int
    bridge: int
    lag: int
    service: str
    zero: str
    weight: int = 1
    left_open: bool = False


@dataclass(frozen=True, slots=True)
class Tiles:
    """PromQL of both tiles of one rule interval."""

    events: str
    errors: str


@dataclass(frozen=True, slots=True)
class Input:
    """One metric a kind reads: `role` is the field's name in the spec, `type` counter, gauge or histogram."""

    role: str
    selector: Selector
    type: str


class Sli(Section):
    """Base of the SLI kinds. A kind is this class with a `kind` literal, its fields, and the methods below."""

    samples_slots: ClassVar[bool] = False
    """Whether an event is a slice of time (one per evaluation or scrape) rather than something that happened."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Features of Prometheus the kind's rules use, as named in `watchbill.gates`."""

    by: GroupBy = Field(default=(), description="Keep the objective per value of these labels; allow-lists filter.")

    def expected_slots(self, interval: int, tile: int, scrape: int) -> float:
        """Return how many slots an interval should have per label set, for "no data is bad"; all times in ms."""
        del scrape
        return interval / tile

    @property
    def inertia(self) -> int:
        """For how long (ms) a tile still shows what was before it."""
        return 0

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of the labels the objective is kept per value of."""
        return tuple(g.name for g in self.by)

    @property
    def slow_from(self) -> int:
        """From how long on (ms) an event is too slow; 0 where slowness is not what is measured."""
        return 0

    def narrowed(self, selector: Selector) -> Selector:
        """Return the selector with the allow-lists applied."""
        return selector.where(m for m in (g.matcher() for g in self.by) if m is not None)

    def aggregate(self, inner: str, op: str = "sum") -> str:
        """Return `op by (group labels) (inner)`, indented."""
        by = f" by ({', '.join(self.group_names)}) " if self.by else ""
        return f"{op}{by}(\n{indented(inner)}\n)"

    def lateness(self, context: TileContext) -> int:
        """Return how late (ms) tiles read their inputs."""
        return context.settle

    @abstractmethod
    def inputs(self) -> tuple[Input, ...]:
        """Return the metrics the kind reads, for lint."""

    def looks(self, sight: Sight) -> Iterator[Check]:
        """Yield queries on the input metrics, for people; those of the kind's own come first."""
        yield from there(self.inputs(), sight)

    @abstractmethod
    def tiles(self, context: TileContext) -> Tiles:
        """Return the PromQL of the tiles."""

    def targets(self) -> tuple[str, ...]:
        """Return selectors of the liveness, 1 or 0, of what exposes the inputs, as far as it can be told."""
        jobs = (one.selector.on(("job", "instance")) for one in self.inputs())
        return tuple(dict.fromkeys(str(Selector("up", matchers)) for matchers in jobs if matchers))

    def detail(self, view: View) -> tuple[Panel, ...]:
        """Return panels that show more than events and errors; none for kinds that have no more to show."""
        return ()

    @abstractmethod
    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """Return input series that make `history` come true for one group; None where that cannot be told."""

    @abstractmethod
    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """Return what the tiles must hold at `at` ms for `history`; None where there must be no sample."""


class Counted(Section):
    """Fields of everything that counts what counters gain."""

    new_series: str = Field(
        default="count",
        pattern="^(count|ignore)$",
        description="count: a new label set on a target that was up counts in full. ignore: for counters without an "
        "`up` (pushed, federated, pre-aggregated); like increase(), a new label set's first value is not counted.",
    )
    liveness: SelectorField | None = Field(
        default=None,
        description="Gauge that is 1 while the target was scraped, with labels job and instance; default: up with the "
        "job and instance matchers of the selector.",
    )

    process_start: SelectorField | None = Field(
        default=None,
        description="Gauge with the start time, Unix seconds, of the counting process, with labels job and instance: "
        "a target's first scrape then counts in full if the process is young. Not for exporters that relay counters.",
    )

    @property
    def counting(self) -> Counting:
        """How its counters are counted."""
        return Counting(self.new_series, self.liveness, self.process_start)


class CounterSli(Counted, Sli):
    """Base of the kinds that count what happened, from counters or histograms."""

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The series are there, and their targets up."""
        yield from there(self.inputs(), sight)
        yield from self.counting.looks(next((i.selector for i in self.inputs()), None))

    def counter_tile(self, selector: Selector, context: TileContext, reader: str = "{}", noise: float = 0) -> str:
        """Return the exact count of one interval."""
        up = self.counting.up(selector)
        return self.aggregate(self.counting.gained(self.narrowed(selector), context, up, reader, noise))

    def targets(self) -> tuple[str, ...]:
        """The liveness gauge that the spec names, or `up`."""
        return self.counting.targets(super().targets())

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """What the counters gained."""
        return self.counting.truth(history, context, at)

    def exposed(
        self, total: Selector, history: History, group: dict[str, str], *parts: tuple[Series, ...] | None
    ) -> tuple[Series, ...] | None:
        """Return the parts and the liveness gauge of the target that exposes them; None where a part is."""
        return self.counting.exposed(total, history, group, *parts)


def indented(text: str, by: int = 2) -> str:
    """Return the text with each line moved right."""
    return "\n".join(" " * by + line for line in text.splitlines())


def less_good(events: str, good: str, zero: str) -> str:
    """Return events less good events, never below 0; a label set with no good series yet has only errors."""
    inner = f"{indented(good)}\n  or\n  {zero} * 0"
    return f"clamp_min(\n{indented(events)}\n  - (\n{indented(inner)}\n  ),\n  0\n)"
