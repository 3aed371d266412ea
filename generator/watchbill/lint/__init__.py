"""Lint: what the maths and the spec can tell before any server runs. One check, one function; a check never prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.lint import cost, items, limits, metrics, names, policies, routing, runbooks, timing
from watchbill.lint.context import Context

if TYPE_CHECKING:
    from watchbill.diagnostics import Problem
    from watchbill.model import Note
    from watchbill.spec import Document

CHECKS = (
    *names.CHECKS, *policies.CHECKS, *timing.CHECKS, *metrics.CHECKS, *cost.CHECKS, *routing.CHECKS, *runbooks.CHECKS,
    *items.CHECKS, *limits.CHECKS,
)  # fmt: skip
"""Every check. A new one is its function, its code beside it, and one line in its module's CHECKS and CODES."""

CODES = (
    *names.CODES, *policies.CODES, *timing.CODES, *metrics.CODES, *cost.CODES, *routing.CODES, *runbooks.CODES,
    *items.CODES, *limits.CODES,
)  # fmt: skip


def lint(document: Document, notes: tuple[Note, ...] = ()) -> list[Problem]:
    """Return every finding of every check."""
    context = Context(document, notes)
    return [problem for check in CHECKS for problem in check(context)]
