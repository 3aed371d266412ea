"""How things ended, from `error.type`: conventions leave its values open, so known ones are listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.runs import LIMITS, OUTCOMES

if TYPE_CHECKING:
    from watchbill_exporters.agent.otlp.record import Record

OTHER = "_OTHER"  # what OpenTelemetry writes where the type of an error is not known

_TIMEOUTS = {
    "timeout",
    "timeouterror",
    "timeoutexception",
    "readtimeout",
    "connecttimeout",
    "apitimeouterror",
    "deadlineexceeded",
    "deadline_exceeded",
    "408",
    "504",
}
_DENIED = {
    "denied",
    "permissionerror",
    "permissiondenied",
    "permission_denied",
    "permissiondeniederror",
    "toolcalldenied",
    "tooldenied",
    "rejected",
    "forbidden",
    "unauthorized",
    "401",
    "403",
}
_CANCELLED = {"cancelled", "canceled", "cancellederror", "aborterror", "aborted", "keyboardinterrupt"}
_LIMITS = {
    "graphrecursionerror": "recursion",
    "recursionerror": "recursion",
    "maxturnsexceeded": "model_calls",
    "modelcalllimitexceedederror": "model_calls",
    "toolcalllimitexceedederror": "tool_calls",
    "usagelimitexceeded": "tokens",
    "budgetexceedederror": "cost",
}


def _short(error_type: str) -> str:
    """`openai.APITimeoutError` and `asyncio.exceptions.TimeoutError` are known by their last word."""
    return error_type.rpartition(".")[2].lower()


def error_type_of(record: Record) -> str:
    return record.error_type or OTHER


def tool_outcome(record: Record) -> str:
    if not record.failed and record.error_type is None:
        return "ok"
    short = _short(error_type_of(record))
    return "timeout" if short in _TIMEOUTS else "denied" if short in _DENIED else "error"


def run_outcome(record: Record) -> str:
    """Return what the span says itself, else what its error means."""
    for marks in record.marks:
        said = str(marks.get("outcome", "")).lower()
        if said in OUTCOMES:
            return said
    if not record.failed and record.error_type is None:
        return "success"
    short = _short(error_type_of(record))
    if short in _LIMITS:
        return "limit"
    return "timeout" if short in _TIMEOUTS else "cancelled" if short in _CANCELLED else "error"


def limit_of(error_type: str | None) -> str | None:
    return _LIMITS.get(_short(error_type)) if error_type is not None else None


def known_limit(given: str) -> str:
    return given if given in LIMITS else "other"
