"""Prices of models: those of the config, then genai-prices' table, which is read offline."""

from watchbill_exporters.agent.prices.book import PriceBook
from watchbill_exporters.agent.prices.rates import Price, Rates, Usage

__all__ = ["Price", "PriceBook", "Rates", "Usage"]
