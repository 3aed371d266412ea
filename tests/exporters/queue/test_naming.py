"""Queues that become `other` are added up; nothing that is unknown becomes a number."""

from __future__ import annotations

from watchbill_exporters.core.overflow import LabelLimit
from watchbill_exporters.queue.catalogue import Slot, State
from watchbill_exporters.queue.dbos.window import LATE, Window
from watchbill_exporters.queue.fanout import Fanout
from watchbill_exporters.queue.naming import limited, merged
from watchbill_exporters.queue.procrastinate.events import BATCH, Events
from watchbill_exporters.queue.snapshot import Queue
from watchbill_exporters.queue.tally import Histogram


def test_two_queues_are_added_up_and_the_oldest_is_kept() -> None:
    first, second = Histogram((1.0,)), Histogram((1.0,))
    first.observe(0.5)
    second.observe(3.0)
    one = Queue(
        "a", {State.READY: 3}, 17.0, True, 31.0, enqueued=5, wait=first.freeze(), workers=3, slots={Slot.BUSY: 1}
    )
    two = Queue("a", {State.READY: 4, State.DEAD: 1}, 13.0, False, enqueued=7, wait=second.freeze(), stalled=1)
    both = merged(one, two)
    assert both.jobs == {State.READY: 7, State.DEAD: 1}
    assert (both.oldest_ready, both.age_exact, both.oldest_running) == (13.0, False, 31.0)
    assert (both.enqueued, both.failed, both.workers, both.stalled) == (12, None, 3, 1)
    assert both.wait is not None
    assert both.wait.buckets == ((1.0, 1), (float("inf"), 2))
    assert both.wait.total == 3.5
    assert merged(Queue("a"), Queue("a")) == Queue("a")


def test_memory_of_names_is_bounded() -> None:
    names = LabelLimit("queue", allowed=["z"], most=2)
    shown = limited([Queue(name, {State.READY: 1}) for name in ("a", "b", "c", "z", "d")], names)
    assert {queue.name: queue.jobs[State.READY] for queue in shown} == {"a": 1, "b": 1, "other": 2, "z": 1}


def test_events_are_counted_once_however_late_they_come_and_forgotten_in_time() -> None:
    events = Events()
    events.begin(100)
    events.take([(101, "deferred", "q", None), (103, "deferred", "q", None)], 0.0)
    events.take([(101, "deferred", "q", None), (102, "deferred", "q", None), (103, "deferred", "q", None)], 30.0)
    assert (events.counts["q"].enqueued, events.low) == (3, 100)
    events.take([], 61.0)
    assert events.low == 103
    events.begin(7)  # the table was emptied and its ids begin anew
    assert events.low == 7


def test_a_flood_of_events_does_not_keep_more_than_a_batch() -> None:
    events = Events()
    events.begin(0)
    events.take([(number, "deferred", "q", None) for number in range(1, BATCH + 1)], 0.0)
    assert len(events._recent) <= BATCH // 2
    assert events.low == BATCH // 2


def test_a_row_is_fresh_once_and_old_ones_never() -> None:
    window = Window()
    assert window.since(1_000_000) == 1_000_000 - LATE
    assert list(window.fresh([("a", 999_999)], 1_000_000)) == []
    assert list(window.fresh([("a", 999_999), ("b", 1_000_003)], 1_000_003)) == [("b", 1_000_003)]
    assert list(window.fresh([("b", 1_000_003), ("late", 1_000_001)], 1_000_003)) == [("late", 1_000_001)]
    assert list(window.fresh([("b", 1_200_000)], 1_200_000)) == [("b", 1_200_000)]  # completed once more
    assert window._seen == {("b", 1_200_000)}


def test_a_firing_counts_once_it_has_settled() -> None:
    fanout = Fanout()
    looks = [(1, 7, True), (1, 7, True), (2, 3, True), (2, 5, True), (2, 5, True), (2, 5, True), (3, 1, False)]
    looks += [(3, 9, False), (3, 9, True), (3, 9, True), (4, 2, True), (5, 4, True)]
    totals = []
    for at, jobs, settled in looks:
        found = fanout.take("s", at, jobs, settled=settled)
        assert found is not None
        totals.append((found.buckets[-1][1], found.total))
    assert totals == [(0, 0), (0, 0), (0, 0), (0, 0), (1, 5), (1, 5), (1, 5), (1, 5), (1, 5), (2, 14), (2, 14), (3, 16)]
