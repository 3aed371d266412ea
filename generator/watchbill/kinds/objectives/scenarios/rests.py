"""One series rests while others go on: five samples to a slow interval tell how long it is read for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.setting import stale_read

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts

Sample = dict[str, float | None]
PARTS = 5


def fine(facts: Facts) -> int:
    """Return the interval of samples, ms."""
    return facts.timing.slow // PARTS


def ages(facts: Facts, grace: int = 0) -> tuple[int, int]:
    """Return at which age, in samples, a value is still read, and at which no more; `grace` ms, or that of slow reads.

    Between the two lies the very end of the range, where 2.x (closed) and 3.x (left-open) differ.
    """
    step, length = fine(facts), grace or stale_read(facts.timing.slow)
    return (length - 1) // step, length // step + 1


def resting(sample: Sample, record: str, age: int) -> list[Sample]:
    """Return samples up to an evaluation at which the newest value of the record is `age` samples old.

    They come after a whole number of slow intervals; four more fill the last one.
    """
    count = -(-age // PARTS) * PARTS + 1
    return [*[sample] * (count - age), *[{**sample, record: None}] * age]


def pauses(facts: Facts) -> tuple[int, int]:
    """Return how many slow intervals after its last sample a slow series is still read, and after how many no more."""
    kept, gone = ages(facts)
    return kept // PARTS, gone // PARTS + 1
