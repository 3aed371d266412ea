"""Input metrics of copies as exporters would expose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import recovery as names
from watchbill.kinds.recovery.scenarios.common import Copy, Samples
from watchbill.kinds.slis.history import values
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.kinds.recovery.reads import Reads

Told = tuple[str, Copy, Samples, int]
"""Which metric, of which copy, its values, and the number of the exporter that tells."""
OF_TARGET, APART = "refresh", "refresh of each copy"
"""What an exporter says of a repository, and of each copy in it."""
ELSEWHERE = "elsewhere"


def exposed(reads: Reads, told: Sequence[Told]) -> tuple[Series, ...] | None:
    """Return the series, and of each metric with a source one of another source; None where that cannot be told.

    Selectors of the spec's own may contradict the copies, or be of one metric.
    """
    inputs = [one.selector.metric for one in reads.item.inputs()]
    if len(set(inputs)) < len(inputs):
        return None
    out: dict[tuple[str, tuple[tuple[str, str], ...]], Series] = {}
    for role, copy, samples, exporter in told:
        for found in _labelled(reads, role, copy, exporter):
            if found is None:
                return None
            own, line = found
            name, shown = reads.item.selector(read(role)).metric, tuple(sorted(own.items()))
            if (name, shown) in out:
                return None
            out[name, shown] = Series(name, shown, values(samples if line else [1e15] * len(samples)))
    return tuple(out.values())


def read(role: str) -> str:
    """Return the role whose metric is told."""
    return OF_TARGET if role == APART else role


def _labelled(reads: Reads, role: str, copy: Copy, exporter: int) -> list[tuple[dict[str, str], bool] | None]:
    """Return the labels of the copy's series, and of another source's."""
    item = reads.item
    selector = item.selector(read(role))
    instance = {"instance": f"backup-{exporter + 1}"}
    if read(role) == OF_TARGET:
        repository = names.TARGET if item.metrics.refresh is None else names.REPOSITORY
        apart = {name: value for name, value in copy.items() if role == APART and name != names.REPOSITORY}
        fixed = {**instance, repository: copy[names.REPOSITORY], **apart}
    else:
        fixed = {**instance, **copy}
    labels = selector.example(fixed=fixed)
    if labels is None or any(labels.get(k) != v for k, v in fixed.items()):
        return [None]
    other = {**labels, names.SOURCE: ELSEWHERE}
    return [(labels, True), *([(other, False)] if not exporter and not selector.matches(other) else [])]
