"""What the gateway says that calls cost, as LiteLLM's proxy tells it: a second opinion on the exporter's."""

from __future__ import annotations

from dataclasses import dataclass, field

from genai_prices import Usage, calc_price

HEAD = "# HELP litellm_spend_metric_total Spend in USD.\n# TYPE litellm_spend_metric_total counter\n"


@dataclass
class Books:
    """Spend by model; `times` is how often each call is booked."""

    times: float = 1.0
    _spent: dict[str, float] = field(default_factory=dict)

    def add(self, provider: str, model: str, given: int, cached: int, made: int) -> None:
        """Book a call; a model without a price costs nothing, as with the exporter."""
        usage = Usage(input_tokens=given, cache_read_tokens=cached, output_tokens=made)
        try:
            price = calc_price(usage, model, provider_id=provider).total_price
        except LookupError:
            return
        self._spent[model] = self._spent.get(model, 0.0) + self.times * float(price)

    def page(self) -> str:
        return HEAD + "".join(
            f'litellm_spend_metric_total{{model="{model}"}} {spent:.9f}\n'
            for model, spent in sorted(self._spent.items())
        )
