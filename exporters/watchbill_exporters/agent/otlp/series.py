"""Cells of the series that calls of one model or tool count into, looked up once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.catalogue import calls
from watchbill_exporters.agent.otlp.record import UNKNOWN, provider_name
from watchbill_exporters.agent.prices.rates import flat_rates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.agent.prices import Price, PriceBook
    from watchbill_exporters.core.memory.tally import Tally

MOST = 50_000
ModelKey = tuple[str, str | None, str | None, str | None]
ToolKey = tuple[str, str | None, str]


class ModelSeries:
    """What a call of a model counts into. Subsets and errors are absent until there is one."""

    __slots__ = ("calls", "cost", "duration", "flat", "input", "labels", "output", "price")

    def __init__(self, tally: Tally, labels: tuple[str, str, str], price: Price | None) -> None:
        self.labels, self.price = labels, price
        self.calls = tally.cell(calls.MODEL_CALLS, labels)
        self.duration = tally.cell(calls.MODEL_CALL_DURATION, labels)
        self.input = tally.cell(calls.INPUT_TOKENS, labels)
        self.output = tally.cell(calls.OUTPUT_TOKENS, labels)
        self.flat = flat_rates(price)
        self.cost: Any = tally.cell(calls.COST, (*labels, "model")) if price is not None else None


class ToolSeries:
    """What a call of a tool with one outcome counts into."""

    __slots__ = ("calls", "duration")

    def __init__(self, tally: Tally, labels: tuple[str, str, str]) -> None:
        self.calls = tally.cell(calls.TOOL_CALLS, labels)
        self.duration = tally.cell(calls.TOOL_CALL_DURATION, labels[1:2])


class KeptSeries:
    """By what spans say, raw. Thrown away when the tally may have dropped cells, and when it is large."""

    def __init__(self, tally: Tally, prices: PriceBook, aliases: Mapping[str, str]) -> None:
        self._tally, self._prices, self._aliases = tally, prices, aliases
        self._generation = tally.generation
        self.models: dict[ModelKey, ModelSeries] = {}
        self.tools: dict[ToolKey, ToolSeries] = {}

    def fresh(self) -> None:
        """Call this before each round of counting."""
        full = len(self.models) + len(self.tools) > MOST
        if full or self._generation != self._tally.generation:
            self.models.clear()
            self.tools.clear()
            self._generation = self._tally.generation

    def model(self, key: ModelKey) -> ModelSeries:
        """Make the series of (agent, provider, requested model, model that answered)."""
        agent, provider, requested, answered = key
        name, model = provider_name(provider), answered or requested or UNKNOWN
        price = self._prices.price(name, model)
        if price is None and requested is not None:
            price = self._prices.price(name, requested)
        found = self.models[key] = ModelSeries(self._tally, (agent, name, self._aliases.get(model, model)), price)
        return found

    def tool(self, key: ToolKey) -> ToolSeries:
        """Make the series of (agent, tool, outcome)."""
        agent, tool, outcome = key
        found = self.tools[key] = ToolSeries(self._tally, (agent, tool or UNKNOWN, outcome))
        return found
