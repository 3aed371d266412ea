"""The bucket of a randomisation unit; docs/recipes/agent-evaluations.md shows how to compute it elsewhere."""

from __future__ import annotations

import hashlib

BUCKETS = 32
SALT = "watchbill:"


def bucket_of(unit: str) -> str:
    """Return SHA-256 of `watchbill:` and the unit in UTF-8, its first byte modulo 32.

    The salt keeps buckets apart from variants: a platform that assigns variants by a hash of the same unit would
    otherwise put whole buckets into one variant, and there is no variance between those.
    """
    return str(hashlib.sha256(f"{SALT}{unit}".encode("utf-8", "replace")).digest()[0] % BUCKETS)
