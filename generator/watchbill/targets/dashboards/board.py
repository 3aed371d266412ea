"""One dashboard before it is drawn: its board, panels and ids, and what frames them - variables and annotations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.promql import quote
from watchbill.targets.dashboards.ids import ids
from watchbill.targets.dashboards.layout import Heading, layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.model import Board, Panel, Plan
    from watchbill.targets.dashboards.layout import Place


@dataclass(frozen=True)
class Frame:
    """What there is to draw."""

    plan: Plan
    board: Board
    panels: tuple[Panel, ...]

    @property
    def uid(self) -> str:
        """The dashboard's uid."""
        return conventions.dashboard_uid(self.plan.service, self.board.key)

    @cached_property
    def placed(self) -> tuple[Heading | tuple[Panel, Place], ...]:
        """Headings and panels, each at its place."""
        return tuple(layout(self.panels))

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Ids by key; a colon keeps those of headings apart."""
        headings = (f"row:{one.row.name}" for one in self.placed if isinstance(one, Heading))
        return ids((*headings, *(panel.key for panel in self.panels)))

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables that queries may hold."""
        return tuple(conventions.variable(v.label) for v in self.board.variables)

    @property
    def tags(self) -> list[str]:
        """Tags: all of the tool's, all of the service's, and the section."""
        section = [self.board.section] if self.board.section else []
        return [conventions.MARKER, self.plan.service, *section]

    @property
    def firing(self) -> str:
        """The alerts to annotate."""
        mark = f"{conventions.MARKER}={quote(self.plan.service)}"
        matchers = (mark, 'alertstate="firing"', *([self.board.alerts] if self.board.alerts else ()))
        kept = ", ".join(("alertname", *conventions.ITEMS, conventions.SEVERITY))
        return f"max by ({kept}) (ALERTS{{{','.join(matchers)}}})"

    @property
    def deploys(self) -> str:
        """The deployments to annotate: a series that was not there 5 minutes before, or a value that changed."""
        seen = "without (instance, pod)"
        gauge = self.plan.deploys.replace("$", "\\x24")
        if not gauge:
            return ""
        return (
            f"count {seen} ({gauge}) unless count {seen} ({gauge} offset 5m) or count {seen} (changes({gauge}[5m]) > 0)"
        )
