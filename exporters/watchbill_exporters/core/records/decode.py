"""A line -> its fields, checked. What does not fit is refused with a reason, never guessed."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_TRACE_ID = re.compile(r"[0-9a-f]{32}")
LATEST = 1e11  # 5138 AD in seconds; milliseconds taken for seconds are beyond it
OTHER = "other"


class Refusal(StrEnum):
    """Why a line does not count: the closed set of `agent_exporter_lines_refused_total`."""

    TOO_LONG = "too_long"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    OUT_OF_PLACE = "out_of_place"
    FAILED = "failed"


class RefusedError(Exception):
    """The line is not taken. The message names the field, never its value."""

    def __init__(self, reason: Refusal, message: str = "") -> None:
        self.reason = reason
        super().__init__(message or reason.value)


def decode(line: bytes) -> Fields:
    """Return the fields of a JSON object. Raises RefusedError."""
    try:
        found = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RefusedError(Refusal.NOT_JSON) from None
    if not isinstance(found, dict):
        raise RefusedError(Refusal.WRONG_SHAPE, "not an object")
    return Fields(found)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


@dataclass(frozen=True)
class Fields:
    """A JSON object; each method returns one checked field or raises RefusedError."""

    raw: Mapping[str, Any]

    def text(self, key: str, default: str | None = None, *, most: int = 256) -> str:
        value = self.raw.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value or len(value) > most:
            raise _wrong(key)
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be rendered

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Return one of a closed set: what is not in it is `other` where the set has that, else refused."""
        value = self.text(key, default)
        if value in known:
            return value
        if OTHER in known:
            return OTHER
        raise _wrong(key)

    def number(self, key: str, *, least: float = -math.inf) -> float | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(key)
        try:
            out = float(value)
        except OverflowError:
            raise _wrong(key) from None
        if not math.isfinite(out) or out < least:
            raise _wrong(key)
        return out

    def whole(self, key: str, *, least: int, most: int) -> int | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _wrong(key)
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise _wrong(key)
        return default if value is None else value

    def time(self, key: str) -> float | None:
        """Return Unix time, given in seconds or as RFC 3339 with its zone."""
        value = self.raw.get(key)
        if not isinstance(value, str):
            out = self.number(key, least=0)
        else:
            try:
                moment = datetime.fromisoformat(value)
                out = moment.timestamp() if moment.tzinfo is not None else None
            except (ValueError, OverflowError):
                out = None
            if out is None:
                raise _wrong(key)
        if out is not None and not 0 <= out < LATEST:
            raise _wrong(key)
        return out

    def moment(self, key: str) -> float:
        found = self.time(key)
        if found is None:
            raise _wrong(key)
        return found

    def trace_id(self, key: str = "trace_id") -> str | None:
        """Return a W3C trace id in lower case."""
        if self.raw.get(key) is None:
            return None
        value = self.text(key).lower()
        if not _TRACE_ID.fullmatch(value) or not value.strip("0"):
            raise _wrong(key)
        return value

    def texts(self, key: str, *, most: int = 16) -> tuple[str, ...]:
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > most:
            raise _wrong(key)
        return tuple(Fields({key: item}).text(key) for item in value)

    def only(self, *known: str) -> None:
        """Refuse fields that are not known: a misspelt one would silently count as absent."""
        if not self.raw.keys() <= set(known):
            raise RefusedError(Refusal.WRONG_SHAPE, "a field that is not known")


def _wrong(key: str) -> RefusedError:
    return RefusedError(Refusal.WRONG_SHAPE, f"{key!r} is missing or wrong")
