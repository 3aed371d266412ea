"""Cells of the series that calls of one model or tool count into, looked up once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.catalogue import calls

if TYPE_CHECKING:
    from watchbill_exporters.agent.prices import Price, PriceBook
    from watchbill_exporters.agent.tally import Tally

MOST = 50_000
ModelKey = tuple[str, str, str, str]
ToolKey = tuple[str, str, str]


class ModelSeries:
    """What a call of a model counts into. Subsets and errors are absent until there is one."""

    __slots__ = ("calls", "cost", "duration", "input", "labels", "output", "price")

    def __init__(self, tally: Tally, labels: tuple[str, str, str], price: Price | None) -> None:
        self.labels, self.price = labels, price
        self.calls = tally.cell(calls.MODEL_CALLS, labels)
        self.duration = tally.cell(calls.MODEL_CALL_DURATION, labels)
        self.input = tally.cell(calls.INPUT_TOKENS, labels)
        self.output = tally.cell(calls.OUTPUT_TOKENS, labels)
        self.cost: Any = tally.cell(calls.COST, (*labels, "model")) if price is not None else None


class ToolSeries:
    """What a call of a tool with one outcome counts into."""

    __slots__ = ("calls", "duration")

    def __init__(self, tally: Tally, key: ToolKey) -> None:
        self.calls = tally.cell(calls.TOOL_CALLS, key)
        self.duration = tally.cell(calls.TOOL_CALL_DURATION, key[1:2])


class KeptSeries:
    """Thrown away when the tally may have dropped cells, and when it is large: keys come from outside."""

    def __init__(self, tally: Tally, prices: PriceBook) -> None:
        self._tally, self._prices, self._generation = tally, prices, tally.generation
        self._models: dict[ModelKey, ModelSeries] = {}
        self._tools: dict[ToolKey, ToolSeries] = {}

    def fresh(self) -> None:
        """Call this before each round of counting."""
        full = len(self._models) + len(self._tools) > MOST
        if full or self._generation != self._tally.generation:
            self._models.clear()
            self._tools.clear()
            self._generation = self._tally.generation

    def model(self, key: ModelKey) -> ModelSeries:
        """Return the series of (agent, provider, model as it is shown, model as it is priced)."""
        found = self._models.get(key)
        if found is None:
            price = self._prices.price(key[1], key[3])
            found = self._models[key] = ModelSeries(self._tally, key[:3], price)
        return found

    def tool(self, key: ToolKey) -> ToolSeries:
        """Return the series of (agent, tool, outcome)."""
        found = self._tools.get(key)
        if found is None:
            found = self._tools[key] = ToolSeries(self._tally, key)
        return found
