"""Pydantic field types of the spec: values with units, names and selectors, each with its JSON Schema."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from watchbill import promql
from watchbill.diagnostics import Code
from watchbill.durations import parse_duration
from watchbill.promql import Selector, parse_selector

if TYPE_CHECKING:
    from collections.abc import Callable

BAD_DURATION = Code(
    "WB110",
    "Not a duration",
    "Windows and thresholds carry their unit, in Prometheus' notation, so that nobody has to guess it.",
    "Write a positive number with a unit: 30s, 5m, 1h30m, 30d, 2.5s, 250ms.",
)
BAD_PERCENT = Code(
    "WB111",
    "Not a percentage in range",
    "An objective of 0 or 100 % leaves no error budget that could be measured or spent.",
    "Write a number between 0 and 100, both excluded: 99.9 or '99.9%'.",
)
BAD_NAME = Code(
    "WB112",
    "Not a usable name",
    "Names become file names, alert names and label values, and must be the same everywhere.",
    "Use kebab-case: small letters, digits and single hyphens, at most 63 characters, starting with a letter.",
)
BAD_LABEL = Code(
    "WB113",
    "Not a usable label",
    "Label names outside [a-zA-Z_][a-zA-Z0-9_]* need Prometheus 3; some names are the bundle's own.",
    "Rename the label, or relabel it at scrape time.",
)
BAD_SELECTOR = Code(
    "WB120",
    "Not a metric selector",
    "Selectors are parsed and rebuilt, never pasted: the generator adds matchers, ranges and offsets itself.",
    'Write a metric name and matchers only: http_requests_total{job="api",code=~"5.."}.',
)
BAD_QUANTITY = Code(
    "WB114",
    "Not a number in range",
    "The value is outside of what the formula it feeds is defined for.",
    "Give a number in the range that the message names.",
)
BAD_VERSION = Code(
    "WB115",
    "Not a supported version",
    "The rules are proven from Prometheus 2.42 on; older servers lack functions and rule fields they use.",
    'Give the oldest version that runs the bundle, quoted: prometheus: "2.53".',
)
BAD_URL = Code(
    "WB116",
    "Not an address",
    "Links go into alerts and pages that many people and systems see.",
    "Write http:// or https:// and a host, without user, password, query or fragment.",
)
CODES = (BAD_URL, BAD_DURATION, BAD_PERCENT, BAD_NAME, BAD_LABEL, BAD_SELECTOR, BAD_QUANTITY, BAD_VERSION)

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def invalid(code: Code, message: str, hint: str = "") -> PydanticCustomError:
    """Return the error a validator raises; the loader turns it into a diagnostic with this code."""
    return PydanticCustomError(code.slug, "{text}", {"text": message, "hint": hint or code.fix})


def _duration(value: Any) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise invalid(BAD_DURATION, f"{value} has no unit", f"write {value}s for seconds, {value}m for minutes")
    try:
        return parse_duration(str(value))
    except ValueError as exc:
        raise invalid(BAD_DURATION, str(exc)) from None


def _decimal(value: Any, what: str) -> Decimal:
    text = str(value).strip().removesuffix("%").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise invalid(BAD_PERCENT, f"{str(value)[:60]!r} is not {what}")
    return number


def _objective(value: Any) -> Decimal:
    number = _decimal(value, "a percentage")
    if not Decimal(0) < number < Decimal(100):
        raise invalid(BAD_PERCENT, f"an objective of {str(value)[:60]} % leaves no error budget to spend or to keep")
    if number > Decimal("99.99999"):
        raise invalid(BAD_PERCENT, f"an objective of {str(value)[:60]} % allows under 3 seconds in a year")
    return number.normalize()


def _share(value: Any) -> float:
    number = _decimal(value, "a share of the budget such as 2%")
    if not str(value).strip().endswith("%"):
        raise invalid(BAD_PERCENT, f"{str(value)[:60]!r} needs a % sign", f"write {str(value)[:20]}%")
    if not Decimal(0) < number <= Decimal(100):
        raise invalid(BAD_PERCENT, f"{str(value)[:60]} is not above 0% and up to 100%")
    return float(number / 100)


def _name(value: Any) -> str:
    text = str(value)
    if not isinstance(value, str) or len(text) > 63 or not NAME.fullmatch(text):
        suggestion = re.sub(r"[^a-z0-9]+", "-", text[:63].lower()).strip("-")
        hint = f"for example '{suggestion}'" if NAME.fullmatch(suggestion) else ""
        raise invalid(BAD_NAME, f"{text[:80]!r} is not a kebab-case name", hint)
    return text


def _label(value: Any) -> str:
    text = str(value)
    if not isinstance(value, str) or not promql.LABEL_NAME.fullmatch(text) or text.startswith("__"):
        raise invalid(BAD_LABEL, f"{text[:80]!r} is not a label name")
    return text


def _selector(value: Any) -> Selector:
    if not isinstance(value, str):
        raise invalid(BAD_SELECTOR, f"{str(value)[:60]!r} is not a metric selector")
    try:
        return parse_selector(value)
    except promql.PromqlError as exc:
        raise invalid(BAD_SELECTOR, str(exc)) from None


def _version_from(tool: str, floor: tuple[int, int]) -> Callable[[Any], tuple[int, int]]:
    def version(value: Any) -> tuple[int, int]:
        text = ".".join(map(str, value)) if isinstance(value, tuple) else str(value)
        match = re.fullmatch(r"v?(\d{1,3})(?:\.(\d{1,3}))?(?:\.\d{1,4})?", text, re.ASCII)
        found = (int(match[1]), int(match[2] or 0)) if match else (0, 0)
        if found < floor:
            hint = 'quote it: "2.50" is not 2.5' if isinstance(value, float) else ""
            shown = f"{floor[0]}.{floor[1]}"
            raise invalid(BAD_VERSION, f"{str(value)[:40]!r} is not a version of {tool} from {shown} on", hint)
        return found

    return version


def _url(value: Any) -> str:
    text = str(value)
    parts = urlsplit(text) if isinstance(value, str) and text.isascii() and text.isprintable() else None
    try:
        good = parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1)
    except ValueError:
        good = False
    if parts is None or not good or any(c in text for c in "@?#{}\"'<>\\ "):
        raise invalid(BAD_URL, "this is not an address that can be linked to")
    return text.rstrip("/")


def _positive(value: float) -> float:
    if not 0 < value < 1e15:
        raise invalid(BAD_QUANTITY, f"{value} is not a positive number")
    return value


_DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^(\d+(\.\d+)?(ms|y|w|d|h|m|s))+$",
    "examples": ["30s", "5m", "30d"],
}
_PERCENT_SCHEMA = {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100}, {"type": "string"}]}

Duration = Annotated[int, BeforeValidator(_duration), WithJsonSchema(_DURATION_SCHEMA)]
Objective = Annotated[Decimal, BeforeValidator(_objective), WithJsonSchema(_PERCENT_SCHEMA)]
Share = Annotated[
    float, BeforeValidator(_share), WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?%$", "examples": ["2%"]})
]
Name = Annotated[
    str, BeforeValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME.pattern}$", "maxLength": 63})
]
LabelName = Annotated[
    str, BeforeValidator(_label), WithJsonSchema({"type": "string", "pattern": r"^[a-zA-Z_][a-zA-Z0-9_]*$"})
]
SelectorField = Annotated[
    Selector,
    BeforeValidator(_selector),
    WithJsonSchema({"type": "string", "examples": ['http_requests_total{job="api"}']}),
]
Version = Annotated[
    tuple[int, int],
    BeforeValidator(_version_from("Prometheus", (2, 42))),
    WithJsonSchema({"type": "string", "examples": ["2.42", "2.53", "3.5"]}),
]
AlertmanagerVersion = Annotated[
    tuple[int, int],
    BeforeValidator(_version_from("Alertmanager", (0, 25))),
    WithJsonSchema({"type": "string", "examples": ["0.25", "0.28", "0.33"]}),
]
GrafanaVersion = Annotated[
    tuple[int, int],
    BeforeValidator(_version_from("Grafana", (10, 0))),
    WithJsonSchema({"type": "string", "examples": ["10.0", "11.6", "12.3"]}),
]
Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "format": "uri"})]
Positive = Annotated[float, AfterValidator(_positive)]


class Section(BaseModel):
    """Base of every part of the spec: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)
