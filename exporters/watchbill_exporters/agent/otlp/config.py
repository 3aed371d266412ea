"""The section `otlp:`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.agent.otlp.traces import Patience
from watchbill_exporters.agent.otlp.wire import check_backend
from watchbill_exporters.agent.prices import Rates
from watchbill_exporters.agent.prices.rates import Tiers
from watchbill_exporters.core.fields import Duration, SecretField, Section
from watchbill_exporters.core.routes import MIB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

_MILLION = 1_000_000
Dollars = Field(ge=0, description="US dollars for a million tokens.")


class PriceSection(Section):
    """Prices of one model, in US dollars for a million tokens; they win over the table."""

    model: str
    provider: str = Field("", description="As `gen_ai.provider.name` says; any provider when left out.")
    input: float = Field(ge=0)
    output: float = Field(0.0, ge=0)
    cache_read: float | None = Field(None, ge=0, description="Like input when left out.")
    cache_write: float | None = Field(None, ge=0, description="Like input when left out.")
    reasoning: float | None = Field(None, ge=0, description="Like output when left out.")


class OtlpSection(Section):
    """Spans over OTLP/HTTP: `POST /v1/traces`."""

    token: SecretField | None = Field(None, description="Senders must show it: `Authorization: Bearer ...`.")
    body_limit_mib: int = Field(4, ge=1, le=256, description="The most a request may have, as it is sent.")
    inflated_limit_mib: int = Field(32, ge=1, le=1024, description="The most a request may have, inflated.")
    waiting: int = Field(64, ge=0, le=4096, description="Requests under way; more get 429 and Retry-After.")
    settle: Duration = Field(5.0, description="From a root span until its run is closed, for spans that come late.")
    hold: Duration = Field(30.0, description="How long calls wait for their run's root, which names the agent.")
    give_up: Duration = Field(600.0, description="Without a span for so long, a run without a root is closed.")
    pending_spans: int = Field(200_000, ge=1, le=10_000_000, description="Spans of runs under way; then oldest close.")
    remembered_spans: int = Field(200_000, ge=0, le=10_000_000, description="Spans of closed runs, to know repeats.")
    model_aliases: dict[str, str] = Field(default={}, description="Name of a model -> the name that is shown.")
    prices: tuple[PriceSection, ...] = ()
    prices_as_of: dt.date | None = Field(None, description="When you last checked prices; else the table's date.")


@dataclass(frozen=True)
class OtlpConfig:
    """The section, resolved."""

    token: Secret | None = None
    body_limit: int = 4 * MIB
    inflated_limit: int = 32 * MIB
    waiting: int = 64
    patience: Patience = field(default_factory=Patience)
    aliases: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[tuple[str, str], Rates] = field(default_factory=dict)
    prices_as_of: float | None = None


def resolve(section: OtlpSection, resolver: Resolver) -> OtlpConfig:
    check_backend()
    as_of = section.prices_as_of
    return OtlpConfig(
        token=resolver.secret(section.token, "token") if section.token is not None else None,
        body_limit=section.body_limit_mib * MIB,
        inflated_limit=section.inflated_limit_mib * MIB,
        waiting=section.waiting,
        patience=Patience(
            section.settle, section.hold, section.give_up, section.pending_spans, section.remembered_spans
        ),
        aliases=section.model_aliases,
        prices={(price.provider, price.model): _rates(price) for price in section.prices},
        prices_as_of=None if as_of is None else dt.datetime.combine(as_of, dt.time(), dt.UTC).timestamp(),
    )


def _rates(price: PriceSection) -> Rates:
    cached, written, thought = (
        None if one is None else Tiers(one / _MILLION) for one in (price.cache_read, price.cache_write, price.reasoning)
    )
    return Rates(Tiers(price.input / _MILLION), Tiers(price.output / _MILLION), cached, written, thought)
