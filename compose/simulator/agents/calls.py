"""Calls of models: over HTTP, through the platform's gateway."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass
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
INPUT, CACHED, OUTPUT = (3000, 6500), 400, (60, 220)
CACHED_CALLS = 280.0
"""Calls per second of an agent in a loop, all answered from its cache."""


@dataclass(frozen=True)
class Used:
    """Tokens of a call."""

    provider: str
    model: str
    given: int
    cached: int
    made: int


class GatewayError(Exception):
    """The gateway did not answer, or answered that it cannot."""


class Models:
    """A client of the gateway that writes a span for each call."""

    def __init__(self, session: aiohttp.ClientSession, gateway: str, conduct: Conduct, chance: Chance) -> None:
        self._session, self._url = session, f"http://{gateway}/v1/chat"
        self._conduct, self._chance = conduct, chance

    async def call(self, tracer: Tracer, whose: Mapping[str, str]) -> None:
        """Make one call; `whose` goes on its span. Raises GatewayError."""
        provider, model = self._conduct.only or self._chance.among(MODELS)
        given = self._chance.whole(*INPUT) * self._conduct.tokens
        usage = Used(provider, model, given, min(CACHED, given), self._chance.whole(*OUTPUT) * self._conduct.tokens)
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
            await self._ask(span, usage)
            if self._chance.happens(self._conduct.calls_fail):  # retried by the client, so the run goes on
                _fail(span, "RateLimitError")
                return
            _tell(span, usage)

    async def _ask(self, span: Span, usage: Used) -> None:
        begun = time.monotonic()
        wait = self._chance.around(self._conduct.first_token_seconds)
        try:
            asked = {"wait": wait, "usage": asdict(usage)}
            async with self._session.post(self._url, json=asked, timeout=PATIENCE) as answer:
                answer.raise_for_status()
                await answer.content.readany()
                span.set_attribute("gen_ai.response.time_to_first_chunk", time.monotonic() - begun)
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
            _fail(span, kind)
            raise GatewayError(kind) from error
        await asyncio.sleep(self._chance.around(WRITING_SECONDS))

    def again(self, tracer: Tracer, whose: Mapping[str, str]) -> None:
        """Make a call that a cache answers: it counts and costs nothing."""
        provider, model = next(iter(MODELS))
        said = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            **whose,
        }
        tracer.start_span(f"chat {model}", kind=SpanKind.CLIENT, attributes=said).end()


def _tell(span: Span, usage: Used) -> None:
    span.set_attributes(
        {
            "gen_ai.response.model": usage.model,
            "gen_ai.usage.input_tokens": usage.given,
            "gen_ai.usage.cache_read.input_tokens": usage.cached,
            "gen_ai.usage.output_tokens": usage.made,
        }
    )


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)
