"""Which pool a sandbox belongs to: rules on image, labels and path; the first that fits decides."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

OTHER = "other"


@dataclass(frozen=True)
class Facts:
    """What is known of a sandbox when it is first seen."""

    image: str = ""
    path: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """All that is given must fit: a glob of the image, labels with these values, a regex on the path."""

    pool: str
    image: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    path: re.Pattern[str] | None = None

    def fits(self, facts: Facts) -> bool:
        """Whether it is about this sandbox."""
        if self.image and not fnmatch.fnmatchcase(facts.image, self.image):
            return False
        if any(facts.labels.get(name) != value for name, value in self.labels):
            return False
        return self.path is None or self.path.search(facts.path) is not None


@dataclass(frozen=True)
class Pools:
    """The rules, and what is to be said of sandboxes that none fits."""

    rules: tuple[Rule, ...] = ()
    rest: str = OTHER
    """Their pool; empty: they are no sandboxes."""
    pool_label: str = ""
    """A label whose value is the pool, before all rules."""

    def of(self, facts: Facts) -> str:
        """Return the pool; empty for what is no sandbox."""
        named = facts.labels.get(self.pool_label, "") if self.pool_label else ""
        if named:
            return named
        return next((rule.pool for rule in self.rules if rule.fits(facts)), self.rest)
