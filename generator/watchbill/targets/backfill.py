"""Rule files that recompute a new SLO's slow tiles from history, so that it does not start blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.targets import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan

NAME = "backfill"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `alerts/backfill/pass-<n>/<unit>.yml`; the second pass reads what the first one wrote."""
    for unit in plan.units:
        if unit.backfill is not None:
            path = f"{conventions.BACKFILL_FOLDER}/pass-{unit.backfill_pass}/{unit.backfill.path}"
            yield path, rules.text(unit.backfill)
