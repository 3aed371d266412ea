"""The `limits:` of a budget: conditions in words, and what a harness does while one holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from watchbill.decimals import literal
from watchbill.diagnostics import Code, did_you_mean
from watchbill.fields import Name, Section, invalid

if TYPE_CHECKING:
    from watchbill.model import Action

BAD_CONDITION = Code(
    "WB310",
    "Not a condition of a limit",
    "A harness acts while an alert fires, and the alert is made of this condition.",
    "Compare pace, spent or forecast with a percentage (`pace > 150%`), or name a burn tier: `burn fast`.",
)
NO_ACTION = Code(
    "WB311",
    "Limit that does nothing",
    "A condition without an action changes nothing in the harness.",
    "Add what the harness does: tool_calls_per_run: 25, route_model: small, pause_schedules: true.",
)
CODES = (BAD_CONDITION, NO_ACTION)

QUANTITIES = ("pace", "spent", "forecast")
_COMPARED = re.compile(r"(\w{1,20}) ?(>=?) ?(\d{1,5}(?:\.\d{1,2})?) ?%", re.ASCII)
_BURN = re.compile(r"burn ([a-z][a-z0-9-]{0,30})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """`pace > 150%`: a quantity, an operator and a share; or a burn tier. `text` is as written, single-spaced."""

    text: str
    quantity: str = ""
    operator: str = ""
    share: float = 0.0
    tier: str = ""

    @property
    def key(self) -> str:
        """Return it in kebab-case: `pace-150`, `burn-fast`. The operator is left out: one limit a bound is enough."""
        return f"burn-{self.tier}" if self.tier else f"{self.quantity}-{literal(self.share * 100)}"


def condition(value: Any) -> Condition:
    """Return the condition that a text says."""
    if isinstance(value, Condition):
        return value
    text = " ".join(str(value).split())
    if isinstance(value, str) and (burn := _BURN.fullmatch(text)):
        return Condition(text, tier=burn[1])
    match = _COMPARED.fullmatch(text) if isinstance(value, str) else None
    if match is None:
        raise invalid(BAD_CONDITION, f"{text[:60]!r} is no condition of a limit")
    if match[1] not in QUANTITIES:
        hint = did_you_mean(match[1], QUANTITIES) or f"quantities are {', '.join(QUANTITIES)}"
        raise invalid(BAD_CONDITION, f"'{match[1]}' is nothing that a budget knows", hint)
    share = float(Decimal(match[3]) / 100)
    if share <= 0:
        raise invalid(BAD_CONDITION, f"{text!r} would always hold")
    return Condition(text, match[1], match[2], share)


When = Annotated[
    Condition,
    BeforeValidator(condition),
    WithJsonSchema({"type": "string", "examples": ["pace > 150%", "spent >= 95%", "forecast > 110%", "burn fast"]}),
]
Calls = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class LimitSpec(Section):
    """What a harness does while a condition holds. Harnesses take the strictest of the limits that hold."""

    when: When = Field(description="pace, spent or forecast against a percentage, or a burn tier.")
    tool_calls_per_run: Calls | None = Field(default=None, description="Most tool calls of one run.")
    model_calls_per_run: Calls | None = Field(default=None, description="Most model calls of one run.")
    max_tokens_per_run: Calls | None = Field(default=None, description="Most tokens of one run.")
    fan_out: Calls | None = Field(default=None, description="Most runs that one run or schedule starts at once.")
    concurrent_runs: Calls | None = Field(default=None, description="Most runs at a time.")
    route_model: Name | None = Field(default=None, description="The model route to use: a name that the harness knows.")
    pause_schedules: Annotated[bool, Field(strict=True)] | None = Field(
        default=None, description="Start no scheduled runs."
    )
    refuse_runs: Annotated[bool, Field(strict=True)] | None = Field(default=None, description="Start no runs at all.")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is done, in the order of the fields."""
        fields = (name for name in type(self).model_fields if name != "when")
        return tuple((name, value) for name in fields if (value := getattr(self, name)) is not None)

    @model_validator(mode="after")
    def _does_something(self) -> LimitSpec:
        if not self.actions:
            raise invalid(NO_ACTION, f"nothing happens when {self.when.text}")
        return self
