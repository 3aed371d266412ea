"""The plan's inhibitions as they are written: none keeps a limit from a harness."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import LabelMatcher

if TYPE_CHECKING:
    from watchbill.model import Inhibition, Plan

NO_LIMIT = LabelMatcher(conventions.HARNESS_LIMIT, "=", "")


def inhibitions(plan: Plan) -> tuple[Inhibition, ...]:
    """Return them. What is kept quiet is told to nobody: a harness would spend on while an exporter is down."""
    if not plan.limits:
        return plan.inhibitions
    return tuple(replace(one, target=(*one.target, NO_LIMIT)) for one in plan.inhibitions)
