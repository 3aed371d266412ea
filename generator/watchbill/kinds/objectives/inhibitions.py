"""Which of an objective's alerts keep which others quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import Inhibition, LabelMatcher

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts


def inhibitions(facts: Facts) -> tuple[Inhibition, ...]:
    """Return the inhibitions: a page keeps tickets of the same objective and group quiet."""
    mark = LabelMatcher(conventions.MARKER, "=", facts.service)
    page, ticket = (LabelMatcher(conventions.SEVERITY, "=", facts.severity(s)) for s in ("page", "ticket"))
    equal = (conventions.SERVICE, conventions.SLO, *facts.sli.group_names)
    return (Inhibition((mark, page), (mark, ticket), equal, "a page over tickets of the same objective"),)
