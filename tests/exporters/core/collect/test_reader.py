"""One target, one thread: shared, late and failing reads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.collect.reader import Outcome, Reader
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.families import gauge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

CLOCK = Clock()


class Gate:
    """A client that reads when it is let; what it returns is the number of the read."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.reads, self.closed = 0, 0

    def read(self, _: Deadline) -> int:
        self.reads += 1
        number = self.reads
        self.open.wait(120)
        return number

    def close(self) -> None:
        self.closed += 1


def families(number: int) -> Iterable[Metric]:
    yield gauge("reads", "Reads.", [({}, number)])


def a_reader(client: Any) -> Reader:
    return Reader("main", client, families, CLOCK)


def scrape(reader: Reader, seconds: float) -> Outcome:
    deadline = Deadline.after(seconds, CLOCK)
    return reader.begin(deadline).wait(deadline, CLOCK.monotonic(), CLOCK.monotonic())


def number(outcome: Outcome) -> float:
    return float(outcome.families[0].samples[0].value)


def test_scrapes_that_overlap_share_one_read() -> None:
    gate = Gate()
    reader = a_reader(gate)
    first, second = (reader.begin(Deadline.after(7, CLOCK)) for _ in range(2))

    gate.open.set()

    assert first is second
    assert number(first.wait(first.deadline, 0, CLOCK.monotonic())) == 1
    assert gate.reads == 1


def test_a_late_result_is_thrown_away_and_the_next_scrape_reads_anew() -> None:
    gate, now = Gate(), [100.0]
    clock = Clock(monotonic=lambda: now[0])
    reader = Reader("main", gate, families, clock)

    late = reader.begin(Deadline.after(0.03, clock))
    assert wait_until(lambda: gate.reads == 1, 30, 0.001)
    now[0] += 1
    assert late.wait(late.deadline, 100, now[0]).reason is Reason.TIMEOUT
    waiting = reader.begin(Deadline.after(60, clock))
    gate.open.set()

    assert number(waiting.wait(waiting.deadline, now[0], now[0])) == 2


def test_two_hundred_scrapes_of_a_hung_target_hold_one_thread() -> None:
    gate = Gate()
    reader = a_reader(gate)
    before = threading.active_count()

    reasons = {scrape(reader, 0.003).reason for _ in range(200)}

    assert reasons == {Reason.TIMEOUT}
    assert threading.active_count() <= before + 1
    assert gate.reads == 1
    gate.open.set()


def test_a_client_is_closed_after_its_last_read_and_once() -> None:
    gate = Gate()
    reader = a_reader(gate)
    reading = reader.begin(Deadline.after(7, CLOCK))

    reader.close()
    assert gate.closed == 0
    gate.open.set()
    reading.wait(reading.deadline, 0, CLOCK.monotonic())
    for thread in threading.enumerate():
        if thread.name == "read main":
            thread.join(60)

    assert gate.closed == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ScrapeError(Reason.LOCKED, "borg runs"), Reason.LOCKED),
        (TimeoutError("slow"), Reason.TIMEOUT),
        (PermissionError("no"), Reason.PERMISSION),
        (ConnectionResetError("gone"), Reason.CONNECT),
        (FileNotFoundError("where"), Reason.CONNECT),
        (KeyError("connected_clients"), Reason.PARSE),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), Reason.PARSE),
        (RecursionError("deep"), Reason.PARSE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_whatever_a_client_raises_has_a_reason(error: Exception, reason: Reason) -> None:
    class Failing:
        def read(self, _: Deadline) -> int:
            raise error

        def close(self) -> None: ...

    outcome = scrape(a_reader(Failing()), 7)

    assert outcome.reason is reason
    assert outcome.families == ()


def test_a_bug_in_the_families_of_a_source_fails_its_target_only() -> None:
    def broken(_: int) -> Iterable[Metric]:
        yield gauge("fine", "Fine.", [({}, 1)])
        raise ZeroDivisionError

    gate = Gate()
    gate.open.set()
    outcome = scrape(Reader("main", gate, broken, CLOCK), 7)

    assert outcome.reason is Reason.PARSE
    assert outcome.families == ()


def test_a_scrape_right_after_another_reads_anew() -> None:
    gate = Gate()
    gate.open.set()
    reader = a_reader(gate)
    assert [number(scrape(reader, 7)) for _ in range(300)] == list(range(1, 301))
