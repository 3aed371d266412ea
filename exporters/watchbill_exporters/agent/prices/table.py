"""genai-prices' table -> rates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ConditionalPrice, ModelPrice, TieredPrices

from watchbill_exporters.agent.prices.rates import Price, Rates, Tiers, Usage

if TYPE_CHECKING:
    from decimal import Decimal

PROVIDERS = {
    # OpenTelemetry's name -> genai-prices'
    "aws.bedrock": "aws",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "gcp.gen_ai": "google",
    "gcp.gemini": "google",
    "gcp.vertex_ai": "google",
    "mistral_ai": "mistral",
    "x_ai": "x-ai",
    "together_ai": "together",
    "unknown": None,
}
_AS_OF = re.compile(r"\bas of (20\d\d-\d\d-\d\d)")
_MILLION = 1_000_000


@dataclass(frozen=True)
class Conditional:
    """Prices that change at a date or by the time of day; the last one that holds is taken."""

    prices: tuple[tuple[ConditionalPrice, Rates], ...]

    def cost(self, usage: Usage, at: float) -> float:
        when = datetime.fromtimestamp(at, UTC)
        for condition, rates in reversed(self.prices):
            if condition.constraint is None or condition.constraint.active(when):
                return rates.cost(usage, at)
        return self.prices[0][1].cost(usage, at)


def find(provider: str, model: str) -> Price | None:
    """Return the price of a model; None when the table has none, or none for its tokens."""
    try:
        _, info = get_snapshot().find_provider_model(model, None, PROVIDERS.get(provider, provider), None)
    except LookupError:
        return None
    prices = info.prices
    if isinstance(prices, ModelPrice):
        return _rates(prices)
    found = [(one, _rates(one.prices)) for one in prices]
    known = tuple((one, rates) for one, rates in found if rates is not None)
    return Conditional(known) if known and len(known) == len(found) else None


def made_at() -> float:
    """Return when the table was made at the earliest: the newest date on which one of its prices was looked up.

    The package says no date of its own. Dates from which prices hold cannot be taken: some lie in the future.
    """
    comments = (
        comment
        for provider in get_snapshot().providers
        for comment in (provider.price_comments, *(model.price_comments for model in provider.models))
    )
    found = [date.fromisoformat(day) for comment in comments for day in _AS_OF.findall(comment or "")]
    return datetime.combine(max(found), datetime.min.time(), UTC).timestamp()


def _rates(price: ModelPrice) -> Rates | None:
    given = _tiers(price.input_mtok)
    written = _tiers(price.output_mtok)
    if given is None and written is None:
        return None
    per_request = price.requests_kcount
    return Rates(
        given or Tiers(0.0),
        written or Tiers(0.0),
        _tiers(price.cache_read_mtok),
        _tiers(price.cache_write_mtok),
        _tiers(price.output_reasoning_mtok),
        0.0 if per_request is None or isinstance(per_request, TieredPrices) else float(per_request) / 1000,
    )


def _tiers(price: Decimal | TieredPrices | None) -> Tiers | None:
    if price is None:
        return None
    if isinstance(price, TieredPrices):
        return Tiers(float(price.base) / _MILLION, tuple((t.start, float(t.price) / _MILLION) for t in price.tiers))
    return Tiers(float(price) / _MILLION)
