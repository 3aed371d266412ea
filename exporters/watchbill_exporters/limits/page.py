"""A snapshot of the desk -> families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.families import counter, gauge
from watchbill_exporters.limits import catalogue as names
from watchbill_exporters.limits.catalogue import NAMES, Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.limits.desk import Snapshot

Rows = list[tuple[dict[str, str], float]]


def described() -> Iterable[Metric]:
    """Return every family, without samples."""
    return (_family(name) for name in NAMES)


def metrics(snapshot: Snapshot) -> Iterable[Metric]:
    """Return the families of a snapshot; times of what has not happened are absent."""
    rows: dict[Name, Rows] = {name: [] for name in NAMES}
    for (name, labels), value in snapshot.counts:
        rows[name].append((dict(zip(name.labels, labels, strict=True)), value))
    rows[names.ACTIVE] = [({"limit": limit}, float(count)) for limit, count in snapshot.active]
    rows[names.EXPIRY] = [({"limit": limit}, at) for limit, at in snapshot.expiry]
    for name, at in ((names.TOLD, snapshot.told_at), (names.STATE, snapshot.written_at)):
        rows[name] = [] if at is None else [({}, at)]
    return [_family(name, rows[name]) for name in NAMES]


def _family(name: Name, rows: Iterable[tuple[dict[str, str], float]] = ()) -> Metric:
    make = counter if name.is_counter else gauge
    return make(name.name, name.help, rows)
