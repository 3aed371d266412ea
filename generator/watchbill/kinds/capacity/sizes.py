"""Sizes with units: 500GB is 500 x 10^9 bytes, 500GiB is 500 x 2^30."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from watchbill.diagnostics import Code
from watchbill.fields import invalid

BAD_SIZE = Code(
    "WB333",
    "Not a size",
    "A number alone could be bytes or gigabytes.",
    "Write a positive number with a unit: 500GB, 1.5TB, 20GiB.",
)
_UNITS = (
    {"B": 1}
    | {f"{p}B": 1000**n for n, p in enumerate("kMGTP", 1)}
    | {f"{p}iB": 1024**n for n, p in enumerate("KMGTP", 1)}
)
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s?([kKMGTP]?i?B)", re.ASCII)


def _size(value: Any) -> float:
    match = _SIZE.fullmatch(str(value).strip())
    unit = match[2].replace("KB", "kB").replace("kiB", "KiB") if match else ""
    if match is None or unit not in _UNITS or not float(match[1]):
        raise invalid(BAD_SIZE, f"{str(value)[:40]!r} is not a size")
    return float(match[1]) * float(_UNITS[unit])


Size = Annotated[
    float, BeforeValidator(_size), WithJsonSchema({"type": "string", "examples": ["500GB", "1.5TB", "20GiB"]})
]


def spoken_size(size: float) -> str:
    """Return a size for people: 5e11 -> 500GB."""
    unit, scale = next(
        ((u, s) for u, s in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)) if size >= s), ("B", 1)
    )
    return f"{size / scale:.4g}{unit}"
