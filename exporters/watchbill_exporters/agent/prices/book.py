"""Looks a price up once for each model; bounded, because model names come from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchbill_exporters.agent.prices import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from watchbill_exporters.agent.prices.rates import Price, Rates

MOST = 10_000


@dataclass
class PriceBook:
    """`overrides` are by (provider, model), or by ("", model) for any provider."""

    overrides: Mapping[tuple[str, str], Rates] = field(default_factory=dict)
    made_at: float | None = None
    find: Callable[[str, str], Price | None] = table.find
    _known: dict[tuple[str, str], Price | None] = field(default_factory=dict, repr=False)

    def price(self, provider: str, model: str) -> Price | None:
        """Return the price of a model; None when nobody knows it."""
        key = (provider, model)
        if key in self._known:
            return self._known[key]
        found: Price | None = self.overrides.get(key) or self.overrides.get(("", model)) or self.find(provider, model)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = found
        return found

    def timestamp(self) -> float:
        """Return when the prices were made: what the config says, else the table's."""
        return self.made_at if self.made_at is not None else table.made_at()
