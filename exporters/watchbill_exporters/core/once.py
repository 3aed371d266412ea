"""Without a server: check a config, or collect once and print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core import render

if TYPE_CHECKING:
    from watchbill_exporters.core.runtime import Runtime


@dataclass(frozen=True)
class Once:
    """One page, and whether every target could be read."""

    page: str
    ok: bool


def once(runtime: Runtime, accept: str = "") -> Once:
    """Collect once, at once: targets with a `refresh` too."""
    families = runtime.scrape(runtime.deadline())
    up = f"{runtime.exporter.prefix}_up"
    ok = all(sample.value for family in families if family.name == up for sample in family.samples)
    return Once(render.form(accept).render(families), ok)
