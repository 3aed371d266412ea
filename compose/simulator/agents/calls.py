"""Calls of models: over HTTP, through the platform's gateway."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp
from opentelemetry.trace import SpanKind, StatusCode

from compose.simulator.names import MODELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.trace import Span, Tracer

    from compose.simulator.agents.conduct import Conduct
    from compose.simulator.chance import Chance

PATIENCE = aiohttp.ClientTimeout(total=30, connect=2)
WRITING_SECONDS = 0.4
INPUT, CACHED, OUTPUT = (600, 1800), 400, (60, 220)


class GatewayError(Exception):
    """The gateway did not answer, or answered that it cannot."""


class Models:
    """A client of the gateway that writes a span for each call."""

    def __init__(self, session: aiohttp.ClientSession, gateway: str, conduct: Conduct, chance: Chance) -> None:
        self._session, self._url = session, f"http://{gateway}/v1/chat"
        self._conduct, self._chance = conduct, chance

    async def call(self, tracer: Tracer, whose: Mapping[str, str]) -> None:
        """Make one call; `whose` goes on its span. Raises GatewayError."""
        provider, model = self._chance.among(MODELS)
        said = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "server.address": "gateway",
            **whose,
        }
        with tracer.start_as_current_span(f"chat {model}", kind=SpanKind.CLIENT, attributes=said) as span:
            if self._chance.happens(self._conduct.falls_back):
                span.set_attribute("watchbill.fallback.reason", "rate_limit")
            await self._ask(span, model)
            if self._chance.happens(self._conduct.calls_fail):  # retried by the client, so the run goes on
                _fail(span, "RateLimitError")
                return
            self._tell_usage(span, model)

    async def _ask(self, span: Span, model: str) -> None:
        begun = time.monotonic()
        wait = self._chance.around(self._conduct.first_token_seconds)
        try:
            async with self._session.post(self._url, json={"model": model, "wait": wait}, timeout=PATIENCE) as answer:
                answer.raise_for_status()
                await answer.content.readany()
                span.set_attribute("gen_ai.response.time_to_first_chunk", time.monotonic() - begun)
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
            _fail(span, kind)
            raise GatewayError(kind) from error
        await asyncio.sleep(self._chance.around(WRITING_SECONDS))

    def _tell_usage(self, span: Span, model: str) -> None:
        given = self._chance.whole(*INPUT) * self._conduct.tokens
        span.set_attributes(
            {
                "gen_ai.response.model": model,
                "gen_ai.usage.input_tokens": given,
                "gen_ai.usage.cache_read.input_tokens": min(CACHED, given),
                "gen_ai.usage.output_tokens": self._chance.whole(*OUTPUT) * self._conduct.tokens,
            }
        )


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)
