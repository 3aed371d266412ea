"""Random stories of one alert, told twice, late and in any order within a minute: what holds in the end is what is."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from watchbill_exporters.limits.active import NOTHING, REORDERED, Active, swept, told
from watchbill_exporters.limits.catalogue import Status
from watchbill_exporters.limits.declared import Declaration, Declared
from watchbill_exporters.limits.webhook import Notice

LEASE, REPEAT, LATE = 600.0, 150.0, 60.0
LIMIT = Declared("l", "A", ("budget", "b"), "x", ("agent",), (("x", 1),))
DECLARED = Declaration("shop", LEASE, (("x", "smallest"),), (LIMIT,))
LABELS = (("agent", "a"), ("alertname", "A"))


@dataclass(frozen=True)
class Phase:
    """The alert fires for so long, then it does not for so long."""

    on: int
    off: int


PHASES = st.lists(st.builds(Phase, st.integers(1, 2000), st.integers(1, 2000)), min_size=1, max_size=5)


def notices(phases: list[Phase]) -> list[tuple[float, Notice]]:
    """Return what Alertmanager says and when: at the beginning, again and again, and at the end."""
    found, at = [], 1000.0
    for phase in phases:
        begin, end = at, at + phase.on
        repeat = begin
        while repeat < end:
            found.append((repeat, Notice("l", "A", "shop", LABELS, Status.FIRING, begin, None)))
            repeat += REPEAT
        found.append((end, Notice("l", "A", "shop", LABELS, Status.RESOLVED, begin, end)))
        at = end + phase.off
    return found


def heard(deliveries: list[tuple[float, Notice]], until: float) -> Active:
    active = NOTHING
    for at, notice in sorted(deliveries, key=lambda one: one[0]):
        if at <= until:
            active, _ = swept(active, DECLARED, at)
            active, _ = told(active, [notice], DECLARED, at, most=10)
    return swept(active, DECLARED, until)[0]


@settings(max_examples=300, deadline=None)
@given(PHASES)
def test_told_in_order_it_holds_just_while_the_alert_fires(phases: list[Phase]) -> None:
    at = 1000.0
    said = notices(phases)
    for phase in phases:
        assert heard(said, at).holding
        assert heard(said, at + phase.on - 0.5).holding
        assert not heard(said, at + phase.on).holding
        assert not heard(said, at + phase.on + phase.off - 0.5).holding
        at += phase.on + phase.off


@settings(max_examples=300, deadline=None)
@given(PHASES, st.data())
def test_told_twice_and_out_of_order_it_is_right_once_all_is_heard(phases: list[Phase], data: st.DataObject) -> None:
    said = notices(phases)
    late = st.floats(0, LATE)
    deliveries = [(at + data.draw(late), notice) for at, notice in said]
    deliveries += [(at + data.draw(late), notice) for at, notice in said if data.draw(st.booleans())]
    last = max(at for at, _ in deliveries)
    assert not heard(deliveries, last + LEASE).holding  # whatever was mistaken runs out
    end = max(at for at, notice in said if notice.status is Status.RESOLVED)
    quiet = [one for one in deliveries if one[0] > end]
    if all(notice.started <= end for _, notice in quiet) and last - end < REORDERED:
        assert not heard(deliveries, last).holding


@settings(max_examples=200, deadline=None)
@given(PHASES)
def test_an_end_that_is_never_heard_ends_with_the_lease(phases: list[Phase]) -> None:
    said = [one for one in notices(phases) if one[1].status is Status.FIRING]
    last = max(at for at, _ in said)
    assert heard(said, last + LEASE - 1).holding
    assert not heard(said, last + LEASE).holding
