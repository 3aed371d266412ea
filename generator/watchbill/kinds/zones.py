"""Time zones of the spec."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, WithJsonSchema

from watchbill.diagnostics import Code, did_you_mean
from watchbill.fields import invalid

BAD_ZONE = Code(
    "WB164",
    "Not a time zone",
    "Hours without the zone people live in are wrong by hours, and by another one in summer.",
    "Write a name of the IANA time zone database: Europe/Berlin, America/New_York, UTC.",
)


@lru_cache(maxsize=256)
def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError, a folder's name an OSError
        return False
    except KeyError:
        return False
    return True


def _zone(value: Any) -> str:
    text = str(value)
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_+/-]+", text) or not _exists(text):
        raise invalid(BAD_ZONE, f"there is no time zone {text[:60]!r}", did_you_mean(text, _named()))
    return text


@lru_cache(maxsize=1)
def _named() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if not name.startswith(("posix", "right")))


ZoneField = Annotated[
    str, BeforeValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "UTC"]})
]
