"""Basic authentication with bcrypt hashes; a scrape pays for bcrypt once, not every 15 s."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import bcrypt

if TYPE_CHECKING:
    from collections.abc import Mapping

REMEMBERED = 100
WAITING = 16
LONGEST = 72  # bytes bcrypt looks at; newer versions refuse more
# of a random password nobody knows: an unknown user takes as long as a wrong password
_NOBODY = bcrypt.hashpw(secrets.token_hex(16).encode(), bcrypt.gensalt(10)).decode()


class BusyError(Exception):
    """Too many passwords wait to be checked: somebody is guessing."""


class BasicAuth:
    """Checks Authorization headers. Verdicts are remembered under a keyed hash, so no password stays in memory."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self.users = dict(users)
        self._key = secrets.token_bytes(32)
        self._verdicts: OrderedDict[bytes, bool] = OrderedDict()
        self._lock = threading.Lock()
        self._bcrypt = threading.Lock()
        self._waiting = threading.BoundedSemaphore(WAITING)

    def remembered(self, header: str) -> bool | None:
        """Return the verdict if it is known without bcrypt, which takes a tenth of a second."""
        if not self.users:
            return True
        credentials = parse(header)
        return False if credentials is None else self._recall(self._digest(*credentials))

    def allows(self, header: str) -> bool:
        """Return the verdict; call it in a thread. Raises BusyError."""
        credentials = parse(header)
        if credentials is None:
            return not self.users
        digest = self._digest(*credentials)
        if (verdict := self._recall(digest)) is not None:
            return verdict
        if not self._waiting.acquire(blocking=False):
            raise BusyError
        try:
            with self._bcrypt:  # one core at most for those who guess
                verdict = self._check(*credentials)
        finally:
            self._waiting.release()
        with self._lock:
            self._verdicts[digest] = verdict
            if len(self._verdicts) > REMEMBERED:
                wrong = next((key for key, good in self._verdicts.items() if not good), None)
                self._verdicts.pop(wrong) if wrong is not None else self._verdicts.popitem(last=False)
        return verdict

    def _recall(self, digest: bytes) -> bool | None:
        with self._lock:
            return self._verdicts.get(digest)

    def _digest(self, user: str, password: bytes) -> bytes:
        known = self.users.get(user, "")
        parts = b"\0".join((user.encode(), known.encode(), password))
        return hmac.digest(self._key, parts, hashlib.sha256)

    def _check(self, user: str, password: bytes) -> bool:
        known = self.users.get(user)
        try:
            right = bcrypt.checkpw(password[:LONGEST], (known or _NOBODY).encode())
        except ValueError:  # a NUL byte, a cost out of range
            return False
        return right and known is not None


def parse(header: str) -> tuple[str, bytes] | None:
    """Return user and password of a Basic header."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        return (user.decode(), password) if colon else None
    except ValueError:  # no Base64, no ASCII, no UTF-8
        return None


def same(given: str, expected: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
