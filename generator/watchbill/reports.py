"""Diagnostics as text, JSON, SARIF 2.1.0 and GitHub workflow commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from watchbill import __version__
from watchbill.catalogue import CODES
from watchbill.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def text(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the form for people."""
    return "".join(f"{d.text()}\n" for d in diagnostics)


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a JSON list."""
    fields = ("code", "file", "line", "column", "message", "hint", "severity")
    return json.dumps([{f: getattr(d, f) for f in fields} for d in diagnostics], indent=1, ensure_ascii=False) + "\n"


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a SARIF log for code scanning."""
    used = sorted({d.code for d in diagnostics})
    rules = [
        {
            "id": c.slug,
            "shortDescription": {"text": c.title},
            "fullDescription": {"text": c.why},
            "help": {"text": c.fix},
        }
        for c in CODES
        if c.slug in used
    ]
    driver = {"name": "watchbill", "version": __version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [_result(d) for d in diagnostics]}],
    }
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _result(one: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": one.file}}
    if one.line:
        location["region"] = {"startLine": one.line, "startColumn": max(1, one.column)}
    message = one.message + (f" ({one.hint})" if one.hint else "")
    return {
        "ruleId": one.code,
        "level": _LEVELS[one.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return workflow commands, which annotate a pull request."""

    def safe(value: str, *, prop: bool = False) -> str:
        value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return value.replace(":", "%3A").replace(",", "%2C") if prop else value

    return "".join(
        f"::{_COMMANDS[d.severity]} file={safe(d.file, prop=True)},line={max(1, d.line)},col={max(1, d.column)},"
        f"title={d.code}::{safe(d.message + (f' - {d.hint}' if d.hint else ''))}\n"
        for d in diagnostics
    )


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "github": github,
}
