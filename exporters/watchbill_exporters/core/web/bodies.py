"""Bodies, inflated with a cap: a kilobyte of gzip can become a gigabyte."""

from __future__ import annotations

import zlib

_WBITS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyError(Exception):
    """The body is not taken: 400, 413 or 415."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """Return the body as it was before Content-Encoding. Raises BodyError."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return body
    if name not in _WBITS:
        raise BodyError(415, "Content-Encoding may be gzip or deflate")
    inflater = zlib.decompressobj(_WBITS[name])
    try:
        out = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise BodyError(400, f"the body is no {name}") from None
    if len(out) > limit:
        raise BodyError(413, f"inflated, the body has more than {limit} bytes")
    if not inflater.eof:
        raise BodyError(400, f"the {name} body is cut short")
    if inflater.unused_data:
        raise BodyError(400, f"something follows the {name} body")
    return out


def inflate_small(body: bytes, encoding: str, limit: int) -> bytes | None:
    """Return the inflated body, or None where it is over the limit, sent or inflated. Raises other BodyErrors."""
    if len(body) > limit:
        return None
    try:
        return inflate(body, encoding, limit)
    except BodyError as error:
        if error.status == 413:
            return None
        raise
