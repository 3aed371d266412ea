"""What the scenario families share: copies, labels, and histories made of looks that know nothing of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import recovery as names
from watchbill.kinds.slis.history import values
from watchbill.model import Fires, Labels, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from watchbill.kinds.recovery.reads import Reads

Copy = dict[str, str]
Samples = list[float | None]


def copies(reads: Reads) -> list[Copy]:
    """Return up to two copies that the allow-lists and all selectors let through."""
    out: list[Copy] = [{}, {}]
    matchers = [m for one in reads.item.inputs() for m in one.selector.matchers]
    for label in reads.item.groups:
        mine = [m for m in matchers if m.name == label.name]
        tries = (*label.values, f"{label.name}-1", f"{label.name}-2", *(m.value for m in mine))
        found = [v for v in dict.fromkeys(tries) if v and all(m.matches({label.name: v}) for m in mine)]
        found = [v for v in found if not label.values or v in label.values] or [f"{label.name}-1"]
        for i, copy in enumerate(out):
            copy[label.name] = found[min(i, len(found) - 1)]
    return out if out[0] != out[1] else out[:1]


def labels(reads: Reads, copy: Copy, extra: Labels = ()) -> Labels:
    """Return the labels of what is recorded of a copy."""
    return tuple(sorted({**copy, **dict(reads.low.labels), **dict(extra)}.items()))


def firing(reads: Reads, copy: Copy, level: str) -> Labels:
    """Return the labels of a firing alert."""
    return labels(reads, copy, ((conventions.SEVERITY, reads.setting.severity(level)),))


def series(reads: Reads, record: str, copy: Copy, samples: Samples) -> Series:
    """Return a recorded series as input."""
    return Series(record, labels(reads, copy), values(samples))


@dataclass(frozen=True, slots=True)
class Look:
    """What each record was up to the look, the newest last, and whether the alert fires at it."""

    past: Mapping[str, Sequence[float | None]]
    fires: bool


def looked_at(
    reads: Reads, what: str, level: str, looks: Sequence[Look], *, step: int, gap: int, title: str
) -> Scenario:
    """Return a scenario with one evaluation a look, so far apart that none sees what was before another: `gap` steps.

    The second copy is always as at the first look. Every series begins at 0: promtool 2.42 takes what is written first
    for the begin of time, in no fixed order, and loses what is an hour older.
    """
    longest = max(len(samples) for look in looks for samples in look.past.values())
    pace = longest + gap
    first, *others = copies(reads)
    records = list(dict.fromkeys(record for look in looks for record in look.past))
    found = []
    for record in records:
        samples: Samples = [0.0]
        calm: Samples = [0.0]
        for look in looks:
            for line, past in ((samples, look.past.get(record, ())), (calm, looks[0].past.get(record, ()))):
                line.extend([None] * (pace - len(past)))
                line.extend(past)
        found.append(series(reads, record, first, samples))
        found.extend(series(reads, record, other, calm) for other in others)
    alert = names.alert(reads.item.name, what)
    own = firing(reads, first, level)
    return Scenario(
        name=f"{reads.item.name}: {title}",
        level="windows",
        step=step,
        evaluation=pace * step,
        series=tuple(found),
        fires=tuple(Fires(alert, (i + 1) * pace * step, (own,) if look.fires else ()) for i, look in enumerate(looks)),
    )


def news(value: float) -> Samples:
    """Return news after others that were more and less: only the last one counts."""
    return [value + 6, value - 1, value]


def held(past: Mapping[str, float], record: str, back: int, *, fires: bool) -> Look:
    """Return a look at which one record was last seen `back` steps ago."""
    return Look({r: [*news(v), *([None] * (back if r == record else 0))] for r, v in past.items()}, fires)


def hold_steps(reads: Reads, step: int) -> int:
    """Return how many steps news are kept for."""
    return reads.kept_for // step
