"""The input series of each SLI kind, as a platform would expose them: richer than what proofs need."""

from collections.abc import Iterator, Sequence

import numpy as np

from lab.demo_history.series import Stored
from lab.demo_history.story import Story
from lab.demo_history.times import SCRAPE, Floats
from lab.demo_history.words import WORDS, variants
from watchbill.decimals import literal
from watchbill.kinds.slis import Availability, Freshness, Latency, Ratio, Windows
from watchbill.kinds.slis.base import CounterSli, Sli
from watchbill.kinds.slis.exposition import pinned
from watchbill.kinds.slis.latency import known_bounds
from watchbill.promql import Selector

Labels = dict[str, str]
SPREAD = (0.5, 0.3, 0.2)


def inputs(
    sli: Sli, story: Story, group: Labels, causes: Sequence[str], rng: np.random.Generator, rate: float
) -> Iterator[Stored]:
    """Yield what one group exposes; nothing for kinds that read recorded series or expressions of the user's."""
    match sli:
        case Ratio():
            yield from _ratio(sli, story, group, causes, rng, rate)
        case Latency():
            threshold = sli.threshold
            bounds = sli.bounds or known_bounds(sli.histogram.metric) or _around(threshold)
            events, errors = story.counts(rng, rate, SCRAPE)
            yield from _histogram(sli.narrowed(sli.histogram), story, group, bounds, threshold, (events, errors))
        case Windows(quantile=None, gauge=Selector() as gauge):
            yield _gauge(sli.narrowed(gauge), story, group, np.array(list(_judged(sli, story))))
        case Windows() if sli.quantile is not None:
            limit = float(sli.good.strip("<>= "))
            events, _ = story.counts(rng, rate, SCRAPE)
            slow = np.where(story.ratio > 0.5, 0.4, 0.01)
            counts = events, np.floor(events * slow)
            yield from _histogram(sli.narrowed(sli.quantile.of), story, group, _around(limit), limit, counts)
        case Availability():
            yield _gauge(sli.narrowed(sli.gauge), story, group, (story.ratio < 0.5).astype(float))
        case Freshness():
            limit = sli.no_older_than / 1000
            age = np.where(story.ratio > 0.5, 1.2 * limit, 0.2 * limit + (story.times % (0.6 * limit)))
            yield _gauge(sli.narrowed(sli.timestamp), story, group, story.times - age)
    if isinstance(sli, CounterSli):
        where = pinned(sli.narrowed(sli.inputs()[0].selector), group)
        if sli.new_series == "count":
            name = sli.liveness.metric if sli.liveness else "up"
            labels = {k: where[k] for k in ("job", "instance")}
            extra = (sli.liveness.example(fixed=labels) or {}) if sli.liveness else {}
            yield Stored(name, {**extra, **labels}, story.stamps, [1.0] * len(story.times))


def _ratio(
    sli: Ratio, story: Story, group: Labels, causes: Sequence[str], rng: np.random.Generator, rate: float
) -> Iterator[Stored]:
    events, errors = story.counts(rng, rate, SCRAPE)
    total, part = sli.narrowed(sli.total), sli.narrowed(sli.part)
    is_bad = sli.bad is not None
    fixed = pinned(total, group)
    inside, rest = (errors, events - errors) if is_bad else (events - errors, errors)
    shares = part.metric == total.metric
    yield from _spread(part, variants(part, None, fixed), inside, story, causes)
    outside = variants(total, part, fixed) if shares else variants(total, None, fixed)
    yield from _spread(total, outside, rest if shares else events, story, causes)


def _spread(
    selector: Selector, sets: Sequence[Labels], counts: Floats, story: Story, causes: Sequence[str]
) -> Iterator[Stored]:
    """Divide the counts among label sets, and among values of the cause labels that selectors do not name."""
    free = [name for name in causes if sets and name not in sets[0]]
    for name in free:
        sets = [{**labels, name: value} for labels in sets for value in WORDS.get(name, (f"{name}-1", f"{name}-2"))]
    weights = np.array([SPREAD[i % len(SPREAD)] / (1 + i // len(SPREAD)) for i in range(len(sets))])
    shares = np.cumsum(weights) / weights.sum()
    totals = np.cumsum(counts)
    edges = [np.zeros(len(totals)), *(np.floor(totals * share) for share in shares)]
    for labels, low, high in zip(sets, edges, edges[1:], strict=False):
        yield Stored(selector.metric, labels, story.stamps, (np.maximum.accumulate(high - low)).tolist())


def _gauge(selector: Selector, story: Story, group: Labels, values: Floats) -> Stored:
    labels = selector.example(fixed=pinned(selector, group)) or group
    return Stored(selector.metric, labels, story.stamps, values.tolist())


def _judged(sli: Windows, story: Story) -> Iterator[float]:
    limit = float(sli.good.strip("<>= "))
    well, ill = (limit * 0.6, limit * 1.5) if "<" in sli.good else (limit * 1.5, limit * 0.6)
    for ratio in story.ratio:
        yield ill if ratio > 0.5 else well


def _around(limit: float) -> tuple[float, ...]:
    return tuple(limit * f for f in (0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2.5, 5, 10))


def _histogram(
    selector: Selector,
    story: Story,
    group: Labels,
    bounds: Sequence[float],
    threshold: float,
    counts: tuple[Floats, Floats],
) -> Iterator[Stored]:
    """Good events gather around a third of the threshold, bad ones tail off above it."""
    events, errors = counts
    labels = selector.example(fixed=pinned(selector, group)) or group
    good, bad = np.cumsum(events - errors), np.cumsum(errors)
    under = np.array([np.exp(-((np.log(b / threshold) + 1.2) ** 2)) if b <= threshold else 0 for b in bounds])
    over = np.array([threshold / b if b > threshold else 0 for b in bounds] + [0.02])
    shares = np.cumsum(under) / under.sum(), np.cumsum(over) / over.sum()
    for i, bound in enumerate(bounds):
        values = np.floor(good * shares[0][i]) + np.floor(bad * shares[1][i])
        yield Stored(f"{selector.metric}_bucket", {**labels, "le": literal(bound)}, story.stamps, values.tolist())
    yield Stored(f"{selector.metric}_bucket", {**labels, "le": "+Inf"}, story.stamps, (good + bad).tolist())
    yield Stored(f"{selector.metric}_count", labels, story.stamps, (good + bad).tolist())
    seconds = good * threshold / 3 + bad * threshold * 2
    yield Stored(f"{selector.metric}_sum", labels, story.stamps, seconds.tolist())
