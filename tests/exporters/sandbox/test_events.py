"""Events one by one: replays, orders that a daemon does not promise, and a hundred thousand of them."""

from __future__ import annotations

from typing import Any

import pytest

from watchbill_exporters.core.memory.tally import Tally
from watchbill_exporters.sandbox import catalogue as names
from watchbill_exporters.sandbox.docker.events import REMEMBERED, Events
from watchbill_exporters.sandbox.hub import Hub
from watchbill_exporters.sandbox.ledger import MOST, Ledger, Sandbox
from watchbill_exporters.sandbox.moments import moment

NOW = 1_764_000_000.0


class Daemon:
    """A stream that is made by hand."""

    def __init__(self) -> None:
        self.hub = Hub(Tally(names.FAMILIES, now=lambda: NOW))
        self.ledger = Ledger(self.hub.tally)
        self.events = Events(self.hub, self.ledger, "runc")
        self._nanos = int(NOW * 1e9)

    def say(self, action: str, key: str = "a", after: float = 1.0, **attributes: str) -> dict[str, Any]:
        self._nanos += int(after * 1e9)
        event = {
            "Type": "container", "Action": action, "timeNano": self._nanos,
            "Actor": {"ID": key, "Attributes": {"image": "sandbox:1", **attributes}},
        }  # fmt: skip
        self.events.take(event)
        return event

    def value(self, family: Any, *labels: str) -> float:
        return self.hub.tally.value(family, labels)


@pytest.fixture
def daemon() -> Daemon:
    return Daemon()


def test_a_stream_that_is_sent_again_counts_nothing_again(daemon: Daemon) -> None:
    said = [daemon.say(a) for a in ("create", "start")] + [daemon.say("die", after=5, exitCode="0")]
    for event in said:
        daemon.events.take(event)
    assert daemon.value(names.STARTS, "other", "runc") == 1
    assert daemon.value(names.EXITS, "other", "completed") == 1
    assert daemon.value(names.RUNNING_SECONDS, "other") == 5
    assert daemon.value(names.EVENTS, "again") == 3


def test_a_container_that_is_started_again_is_another_life(daemon: Daemon) -> None:
    for _ in range(2):
        daemon.say("start")
        daemon.say("die", after=3, exitCode="1")
    assert daemon.value(names.STARTS, "other", "runc") == 2
    assert daemon.value(names.EXITS, "other", "error") == 2
    assert daemon.value(names.RUNNING_SECONDS, "other") == 6


@pytest.mark.parametrize(
    ("before", "code", "reason"),
    [
        ((), "0", "completed"),
        ((), "3", "error"),
        (("kill",), "143", "killed"),
        ((), "137", "killed"),
        (("oom",), "137", "oom"),
    ],
)
def test_why_it_ended_is_told(daemon: Daemon, before: tuple[str, ...], code: str, reason: str) -> None:
    daemon.say("start")
    for action in before:
        daemon.say(action)
    daemon.say("die", exitCode=code)
    assert daemon.value(names.EXITS, "other", reason) == 1


def test_other_words_for_the_end_are_understood(daemon: Daemon) -> None:
    daemon.say("create")
    daemon.say("start")
    daemon.say("died", after=2, containerExitCode="0")
    daemon.say("remove")
    assert daemon.value(names.EXITS, "other", "completed") == 1
    assert daemon.value(names.START_FAILURES, "other", "runc", "other") == 0


def test_what_is_no_event_of_a_container_is_ignored(daemon: Daemon) -> None:
    for odd in ({}, {"Type": "network"}, {"Type": "container", "timeNano": "x"}, {"Type": "container", "timeNano": 1}):
        daemon.events.take(odd)
    assert daemon.value(names.EVENTS, "ignored") == 4


def test_a_hundred_thousand_containers_leave_nothing_behind(daemon: Daemon) -> None:
    for number in range(100_000):
        key = f"c{number}"
        daemon.say("create", key, after=0.001)
        daemon.say("start", key, after=0.001)
        daemon.say("die", key, after=1, exitCode="0")
        if number % 2:  # the rest stay as stopped containers
            daemon.say("destroy", key, after=0.001)
    assert daemon.value(names.STARTS, "other", "runc") == 100_000
    assert daemon.value(names.RUNNING_SECONDS, "other") == pytest.approx(100_000, rel=1e-6)
    assert len(daemon.ledger) == 0
    assert len(daemon.events.created) == 0
    assert len(daemon.events.ended) == REMEMBERED


def test_the_table_is_bounded_and_starts_beyond_it_are_counted(daemon: Daemon) -> None:
    for number in range(MOST + 100):
        daemon.ledger.start(str(number), Sandbox("other", "runc", NOW, NOW))
    assert len(daemon.ledger) == MOST
    assert daemon.value(names.STARTS, "other", "runc") == MOST + 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-25T21:51:30.256015907Z", 1795643490.256015907),
        ("2026-11-25T22:51:30+01:00", 1795643490.0),
        ("0001-01-01T00:00:00Z", 0.0),
        ("nonsense", 0.0),
        ("", 0.0),
    ],
)
def test_times_are_read_as_go_writes_them(text: str, expected: float) -> None:
    assert moment(text) == pytest.approx(expected, abs=1e-6)
