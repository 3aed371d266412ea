"""Input series for scenarios: concrete label sets that a selector selects, with the values of a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.slis.history import History, values
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.promql import Selector

INSTANCE = {"job": "job-1", "instance": "instance-1"}


def pinned(selector: Selector, group: Mapping[str, str]) -> dict[str, str]:
    """Return job, instance and group labels that agree with the selector's matchers."""
    own = selector.example() or {}
    return {**INSTANCE, **{k: v for k, v in own.items() if k in INSTANCE}, **group}


def series(selector: Selector, labels: Mapping[str, str], samples: list[float | None]) -> Series:
    """Return one input series."""
    return Series(selector.metric, tuple(sorted(labels.items())), values(samples))


def up_series(selector: Selector | None, labels: Mapping[str, str], history: History) -> Series:
    """Return the liveness gauge of the target that exposes `labels`: 0 where it is down, else 1."""
    fixed = {k: labels[k] for k in ("job", "instance")}
    extra = (selector.example(fixed=fixed) or {}) if selector else {}
    name = selector.metric if selector else "up"
    shown = [0.0 if n is None and history.down else 1.0 for n in history.events]
    return Series(name, tuple(sorted({**extra, **fixed}.items())), values(shown))


def counter_series(
    history: History, total: Selector, part: Selector, fixed: Mapping[str, str], *, bad: bool
) -> tuple[Series, ...] | None:
    """Return series for a total and its bad (or good) part; None where no label set fits.

    Where both selectors read one metric and the part lies inside the total, the total is the part and its rest.
    `fixed` pins job, instance and group labels.
    """
    events, errors, good = history.counters()
    inside, rest = (errors, good) if bad else (good, errors)
    part_labels, rest_labels = part.example(fixed=fixed), total.example(avoid=part, fixed=fixed)
    if part_labels is None or rest_labels is None:
        return None
    shares = part.metric == total.metric and total.matches(part_labels)
    return series(total, rest_labels, rest if shares else events), series(part, part_labels, inside)
