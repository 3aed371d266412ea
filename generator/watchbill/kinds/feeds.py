"""What is watched, and which scrape jobs it is fed by, as far as its selectors tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.promql import Op

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.promql import Selector

UNKNOWN = ""
"""A source that nobody can tell to be down."""


@dataclass(frozen=True, slots=True)
class Fed:
    """One item of the spec, by the label that names it. `sources` are names of jobs, `UNKNOWN` among them.

    `pages`: it can wake somebody. `about_up`: it is about its targets being up, and tells that itself.
    """

    label: str
    name: str
    sources: frozenset[str]
    pages: bool
    about_up: bool = False

    @property
    def only_source(self) -> str:
        """The one job that feeds it; empty where there are several, or one that cannot be told."""
        return next(iter(self.sources)) if len(self.sources) == 1 and not self.about_up else UNKNOWN


def sources(selectors: Iterable[Selector]) -> frozenset[str]:
    """Return the jobs that selectors name."""
    found = set()
    for selector in selectors:
        named = [m.value for m in selector.on(("job",)) if m.op is Op.EQ]
        found.add(named[0] if named else UNKNOWN)
    return frozenset(found)
