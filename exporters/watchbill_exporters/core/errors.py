"""One error tree; messages are made for people."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill_exporters.core.diagnostics import Diagnostic


class Reason(StrEnum):
    """Why a target could not be read: the closed set of `<prefix>_scrape_error`."""

    CONNECT = "connect"
    AUTH = "auth"
    TIMEOUT = "timeout"
    LOCKED = "locked"
    PARSE = "parse"
    PERMISSION = "permission"
    VERSION = "version"


class ExporterError(Exception):
    """The base of all errors that are told to the user."""


class ConfigError(ExporterError):
    """All that is wrong with a config."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(found.text() for found in self.diagnostics))


class InvalidError(ExporterError):
    """A source cannot use its section: `path` leads from the section to the value."""

    def __init__(self, path: tuple[str | int, ...], message: str, hint: str = "") -> None:
        self.path, self.hint = path, hint
        super().__init__(message)


class ScrapeError(ExporterError):
    """A client could not read its target."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def reason_of(error: BaseException) -> Reason:
    """Return the reason of any exception: clients need to translate only what these rules would get wrong."""
    match error:
        case ScrapeError():
            return error.reason
        case TimeoutError():
            return Reason.TIMEOUT
        case PermissionError():
            return Reason.PERMISSION
        case OSError():
            return Reason.CONNECT
        case _:
            return Reason.PARSE
