"""What the store held at one moment, and its families."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from prometheus_client import Metric
from prometheus_client.samples import Exemplar as PageExemplar
from prometheus_client.samples import Sample

from watchbill_exporters.core.families import counter, gauge
from watchbill_exporters.core.memory.tally.family import Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill_exporters.core.memory.tally.cells import Exemplar


class HistogramRow(NamedTuple):
    """One histogram: counts by bucket, the last one above all bounds."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    total: float
    exemplars: tuple[Exemplar | None, ...]


@dataclass(frozen=True)
class Snapshot:
    """Rows by family: (labels, value), or HistogramRow."""

    rows: Mapping[Family, tuple[Any, ...]]


def metrics(snapshot: Snapshot) -> Iterable[Metric]:
    """Return the families of a snapshot."""
    for family, rows in snapshot.rows.items():
        yield metric(family, rows)


def described(families: Iterable[Family]) -> Iterable[Metric]:
    """Return the families without samples."""
    yield from (metric(family) for family in families)


def metric(family: Family, rows: Iterable[Any] = ()) -> Metric:
    names = family.labels
    match family.kind:
        case Kind.HISTOGRAM:
            out = Metric(family.name, family.help, "histogram")
            les = [*map(_le, family.bounds), "+Inf"]
            out.samples = [sample for row in rows for sample in _histogram(family.name, names, les, row)]
            return out
        case Kind.COUNTER:
            make = counter
        case Kind.GAUGE:
            make = gauge
    return make(family.name, family.help, ((dict(zip(names, labels, strict=True)), value) for labels, value in rows))


def _histogram(name: str, names: tuple[str, ...], les: list[str], row: HistogramRow) -> Iterable[Sample]:
    labels = dict(zip(names, row.labels, strict=True))
    cumulative = list(accumulate(row.counts))
    exemplars = row.exemplars or (None,) * len(les)
    for le, count, exemplar in zip(les, cumulative, exemplars, strict=True):
        shown = None
        if exemplar is not None:
            trace_id, value, at = exemplar
            shown = PageExemplar({"trace_id": trace_id}, value, at)
        yield Sample(f"{name}_bucket", {**labels, "le": le}, count, None, shown)
    yield Sample(f"{name}_count", labels, cumulative[-1])
    yield Sample(f"{name}_sum", labels, row.total)


def _le(bound: float) -> str:
    return repr(float(bound))
