"""Structured logs: one line an event, as logfmt or JSON, secrets masked."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import IO, Any, Literal

from watchbill_exporters.core.secret import redact

Form = Literal["logfmt", "json"]
LEVELS = ("debug", "info", "warning", "error")
_ROOT = "watchbill_exporters"


class EventLogger:
    """Logs an event with its facts: `log.info("target is back", target="main")`."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def debug(self, event: str, **facts: object) -> None:
        self._logger.debug(event, extra={"facts": facts})

    def info(self, event: str, **facts: object) -> None:
        self._logger.info(event, extra={"facts": facts})

    def warning(self, event: str, **facts: object) -> None:
        self._logger.warning(event, extra={"facts": facts})

    def error(self, event: str, *, exc_info: bool = False, **facts: object) -> None:
        self._logger.error(event, extra={"facts": facts}, exc_info=exc_info)


def logger(name: str) -> EventLogger:
    return EventLogger(logging.getLogger(name))


class Formatter(logging.Formatter):
    """Writes time, level, event, facts; a traceback is one more fact, on the same line."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        stamp = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row: dict[str, object] = {"ts": stamp, "level": record.levelname.lower(), "event": record.getMessage()}
        row |= getattr(record, "facts", None) or {"logger": record.name}
        if record.exc_info:
            row["trace"] = self.formatException(record.exc_info)
        clean = {key: redact(str(value)) if isinstance(value, str) else value for key, value in row.items()}
        if self.form == "json":
            return redact(json.dumps(clean, default=str))
        return " ".join(f"{key}={_quoted(redact(str(value)))}" for key, value in clean.items())


def _quoted(text: str) -> str:
    if text and text.isprintable() and not set(text) & set(' "=\\'):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def configure(level: str = "info", form: Form = "logfmt", stream: IO[str] | None = None) -> None:
    """Send our events, and the warnings of the libraries we use, to stderr."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Formatter(form))
    root: Any = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_ROOT).setLevel(level.upper())
