"""Results of a scrape -> families: those of the sources, and what the frame says of each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.families import Merger, gauge, labelled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from prometheus_client import Metric

    from watchbill_exporters.core.collect.live import Result

UP = "Whether the target could be read."
SECONDS = "How long reading the target took."
ERROR = "Why the target could not be read; absent while it can."
REFRESHED = "When the target was last read well in the background."


def status(prefix: str, results: Collection[Result]) -> list[Metric]:
    """Return up, duration, error and time of refresh, by target."""
    refreshed = [(r.name, r.refreshed.good_at) for r in results if r.refreshed and r.refreshed.good_at is not None]
    errors = [(r.name, r.outcome.reason.value) for r in results if r.outcome.reason is not None]
    families = [
        gauge(f"{prefix}_up", UP, [({"target": r.name}, float(r.outcome.reason is None)) for r in results]),
        gauge(f"{prefix}_scrape_duration_seconds", SECONDS, [({"target": r.name}, r.outcome.seconds) for r in results]),
        gauge(f"{prefix}_scrape_error", ERROR, [({"target": name, "reason": reason}, 1.0) for name, reason in errors]),
        gauge(
            f"{prefix}_refresh_last_success_timestamp_seconds",
            REFRESHED,
            [({"target": name}, at) for name, at in refreshed],
        ),
    ]
    return [family for family in families if family.samples]


def merge(
    results: Iterable[Result], labels: Mapping[str, Mapping[str, str]], cap: int, facts: Collection[str]
) -> Merger:
    """Return the families of all targets; of one that failed only facts about the past, from its last good refresh."""
    merger = Merger(cap)
    for result in results:
        for family in _shown(result, facts):
            merger.add(labelled(family, labels.get(result.name, {})))
    return merger


def _shown(result: Result, facts: Collection[str]) -> Iterable[Metric]:
    if result.outcome.reason is None:
        return result.outcome.families
    if result.refreshed is not None and result.refreshed.good is not None:
        return [family for family in result.refreshed.good.families if family.name in facts]
    return ()
