"""Back ends that list their queues may list any number of them: known ones, the first so many others, then `other`."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.core.fields import Section
from watchbill_exporters.core.overflow import LabelLimit
from watchbill_exporters.queue.snapshot import Distribution, Queue

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 200


class QueueNames(Section):
    """The keys of sources that find queues by themselves."""

    queues: tuple[str, ...] = Field((), description="Always shown under their name.")
    most_queues: int = Field(MOST, ge=0, le=100_000, description="How many others are shown; the rest is `other`.")


def limit(names: QueueNames) -> LabelLimit:
    return LabelLimit("queue", allowed=names.queues, most=names.most_queues)


def limited(queues: Iterable[Queue], names: LabelLimit) -> tuple[Queue, ...]:
    """Return the queues under the names they may have, those of one name added up."""
    out: dict[str, Queue] = {}
    for queue in queues:
        name = names.admit(queue.name)
        shown = replace(queue, name=name)
        out[name] = merged(out[name], shown) if name in out else shown
    return tuple(out.values())


def merged(one: Queue, two: Queue) -> Queue:
    """Add two queues up: counts are summed, of times the oldest is kept."""
    return Queue(
        one.name,
        jobs={state: one.jobs.get(state, 0) + two.jobs.get(state, 0) for state in {**one.jobs, **two.jobs}},
        oldest_ready=_least(one.oldest_ready, two.oldest_ready),
        age_exact=_both(one.age_exact, two.age_exact),
        oldest_running=_least(one.oldest_running, two.oldest_running),
        enqueued=_sum(one.enqueued, two.enqueued),
        finished=_sum(one.finished, two.finished),
        failed=_sum(one.failed, two.failed),
        retried=_sum(one.retried, two.retried),
        wait=_histogram(one.wait, two.wait),
        run=_histogram(one.run, two.run),
        workers=_whole(_sum(one.workers, two.workers)),
        slots={slot: one.slots.get(slot, 0) + two.slots.get(slot, 0) for slot in {**one.slots, **two.slots}},
        stalled=_whole(_sum(one.stalled, two.stalled)),
    )


def _known(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def _least(*values: float | None) -> float | None:
    return min(_known(*values), default=None)


def _sum(*values: float | None) -> float | None:
    known = _known(*values)
    return sum(known) if known else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _both(*values: bool | None) -> bool | None:
    known = [value for value in values if value is not None]
    return all(known) if known else None


def _histogram(*values: Distribution | None) -> Distribution | None:
    known = [value for value in values if value is not None]
    return reduce(_added, known) if known else None


def _added(one: Distribution, two: Distribution) -> Distribution:
    rows = zip(one.buckets, two.buckets, strict=True)
    return Distribution(tuple((bound, count + more) for (bound, count), (_, more) in rows), one.total + two.total)
