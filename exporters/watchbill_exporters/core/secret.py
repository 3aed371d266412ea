"""Secrets come from files or the environment, and never leave by way of a log line."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from pathlib import Path

MASK = "***"
MAX_BYTES = 64 * 1024
SHORTEST = 4  # masking "1" everywhere would hide the log line, not the secret
_IN_URL = re.compile(r"(?<=://)[^/\s@]*(?=@)")
_revealed: set[str] = set()


@dataclass(frozen=True)
class Secret:
    """Where a secret is. It is read at each use, so a file that is replaced takes effect without a reload."""

    file: Path | None = None
    env: str | None = None

    def reveal(self) -> str:
        """Return the secret. Raises ScrapeError: a target whose password cannot be read is not down."""
        try:
            return self.read()
        except (OSError, LookupError, UnicodeDecodeError) as error:
            raise ScrapeError(Reason.AUTH, f"{self} cannot be read: {type(error).__name__}") from None

    def read(self) -> str:
        """Return the secret. Raises OSError, LookupError or UnicodeDecodeError."""
        if self.file is not None:
            with self.file.open("rb") as handle:
                text = handle.read(MAX_BYTES).decode().rstrip("\r\n")
        else:
            text = os.environ[self.env or ""]
        if len(text) >= SHORTEST:
            _revealed.add(text)
        return text

    def __str__(self) -> str:
        return f"file {self.file}" if self.file is not None else f"${{{self.env}}}"


def redact(text: str) -> str:
    """Mask every secret that was revealed so far, and what stands before the `@` of a URL."""
    for secret in sorted(_revealed, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _IN_URL.sub(MASK, text) if "://" in text else text
