"""The bundle's links, turned to the demo: they are the only thing that changes in its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compose.demo.places import Places
    from watchbill.model import Links


def link_bases(links: Links, places: Places) -> dict[str, str]:
    """Return what is served by the demo, from the spec's addresses to its own; Grafana and traces are not."""
    here = {
        links.runbooks: f"{places.url('control')}/runbooks",
        links.prometheus: places.url("prometheus"),
        links.alertmanager: places.url("alertmanager"),
    }
    return {there: ours for there, ours in here.items() if there}


def linked(text: str, bases: Mapping[str, str]) -> str:
    for there, ours in bases.items():
        text = text.replace(there, ours)
    return text
