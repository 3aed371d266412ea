"""Output targets: each renders the Plan to files in memory. A new target is its module, its test and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from watchbill.targets import backfill, dashboards, limits, routes, rule_tests, rules, runbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan


class Target(Protocol):
    """A target is a module with a NAME and a `render` that yields (path, text)."""

    NAME: str

    def render(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Yield files: path relative to the output folder, text."""
        ...


TARGETS: tuple[Target, ...] = (rules, rule_tests, backfill, routes, dashboards, runbooks, limits)
