"""What kinds outside `slos:` find wrong with themselves, at its place in the spec."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.diagnostics import Code, Problem
    from watchbill.lint.context import Context

CODES: tuple[Code, ...] = ()
"""The codes stand beside the kinds."""


def findings(context: Context) -> Iterator[Problem]:
    """Every item is asked."""
    for path, item in context.document.items:
        for problem in item.findings(context.setting):
            yield replace(problem, path=(*path, *problem.path))


CHECKS = (findings,)
