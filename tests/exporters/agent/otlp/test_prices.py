"""Prices: as genai-prices computes them, but faster; those of the config first; never 0 for what nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot

from tests.exporters.agent.desk import Desk
from tests.exporters.agent.otlp.spans import Making, send
from tests.exporters.pages import value
from watchbill_exporters.agent.prices import PriceBook, Usage, table

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 25, 13, 7, tzinfo=UTC)
USAGES = (
    Usage(1301, 107),
    Usage(500_003, 1009, cache_read=300_007),
    Usage(150_001, 50, cache_read=7, cache_write=140_009),
    Usage(90, 1013, reasoning=1009),
)


def test_every_price_is_that_of_genai_prices() -> None:
    compared = 0
    for provider in get_snapshot().providers:
        for model in provider.models:
            price = table.find(provider.id, model.id)
            if price is None or model is not get_snapshot().find_provider_model(model.id, None, provider.id, None)[1]:
                continue
            for usage in USAGES:
                theirs = model.calc_price(_theirs(usage), provider, genai_request_timestamp=AT).total_price
                assert price.cost(usage, AT.timestamp()) == pytest.approx(float(theirs), rel=1e-9), (model.id, usage)
                compared += 1
    assert compared > 5000


def _theirs(usage: Usage) -> TheirUsage:
    return TheirUsage(
        input_tokens=usage.input,
        output_tokens=usage.output,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
        output_reasoning_tokens=usage.reasoning,
    )


@pytest.mark.parametrize(
    "provider", ["gcp.vertex_ai", "gcp.gemini", "aws.bedrock", "azure.ai.openai", "anthropic", "x_ai"]
)
def test_providers_as_opentelemetry_writes_them_are_found(provider: str) -> None:
    models = {"aws.bedrock": "anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic": "claude-sonnet-4-5"}
    model = models.get(provider, "gemini-2.5-pro" if provider.startswith("gcp") else "gpt-4o")
    assert table.find(provider, "grok-3" if provider == "x_ai" else model) is not None


def test_a_price_of_the_config_wins(tmp_path: Path) -> None:
    prices = [{"model": "gpt-4o", "input": 11.0, "output": 13.0, "cache_read": 1.0}]
    with Desk(tmp_path, otlp={"prices": prices}) as desk:
        said = {"gen_ai.usage.cache_read.input_tokens": 300}
        send(desk, Making().model(b"", (1000, 100)), Making().model(b"", (1000, 100), said=said))
        desk.tick(6)
        whole = (1000 * 11 + 100 * 13) / 1e6
        cached = (700 * 11 + 300 * 1 + 100 * 13) / 1e6
        cost = desk.rows("agent_cost_usd_total")
        assert cost == {("desk", "model", "gpt-4o", "openai"): pytest.approx(whole + cached)}


def test_a_model_nobody_knows_has_no_cost_but_unpriced_tokens(tmp_path: Path) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().model(b"", (1000, 100), "our-own-model"))
        desk.tick(6)
        assert desk.rows("agent_unpriced_tokens_total") == {("our-own-model", "openai"): 1100}
        assert "agent_cost_usd_total{" not in desk.page()


def test_a_cost_that_a_span_states_is_taken_for_a_model_nobody_knows(tmp_path: Path) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().model(b"", (1000, 100), "our-own-model", said={"llm.cost.total": 0.37}))
        desk.tick(6)
        assert desk.rows("agent_cost_usd_total") == {("desk", "model", "our-own-model", "openai"): 0.37}


def test_cached_tokens_left_out_of_the_input_are_added_to_it(tmp_path: Path) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().model(b"", (10, 100), said={"gen_ai.usage.cache_read.input_tokens": 990}))
        desk.tick(6)
        assert desk.rows("agent_input_tokens_total") == {("desk", "gpt-4o", "openai"): 1000}


def test_the_age_of_the_table_is_shown(tmp_path: Path) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        made = value(desk.page(), "agent_price_table_timestamp_seconds")
    assert made is not None
    assert datetime(2026, 1, 1, tzinfo=UTC).timestamp() < made < AT.timestamp()
    with Desk(tmp_path, otlp={"prices_as_of": "2026-11-03"}) as desk:
        assert (
            value(desk.page(), "agent_price_table_timestamp_seconds") == datetime(2026, 11, 3, tzinfo=UTC).timestamp()
        )


def test_names_of_models_from_outside_do_not_fill_memory() -> None:
    book = PriceBook(find=lambda *_: None)
    for number in range(30_000):
        book.price("openai", f"model-{number}")
    assert len(book._known) <= 10_000
