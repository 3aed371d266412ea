"""Parts of the simulated platform: the edge with its clients, logs, checkpoints, and luck that can be repeated."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import uuid
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from compose.simulator.backups.store import Store, checkpoint
from compose.simulator.chance import Chance, diurnal
from compose.simulator.lines import Lines
from compose.simulator.queues import Queues
from compose.simulator.queues.conduct import Conduct as QueueConduct
from compose.simulator.queues.schedules import Schedule, Scheduler, around
from compose.simulator.settings import Settings
from compose.simulator.streams.client import Client
from compose.simulator.streams.conduct import Conduct
from compose.simulator.streams.server import Edge
from lab.ports import free_port
from lab.process import wait_until

if TYPE_CHECKING:
    from pathlib import Path

USERS = 6


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def all_ended(log: list[dict[str, Any]]) -> bool:
    told = Counter(line["event"] for line in log)
    return told["open"] == told["end"]


def watched(folder: Path, conduct: Conduct) -> list[dict[str, Any]]:
    """Let some users watch a run each; return the edge log."""
    log = Lines(folder / "edge.jsonl")
    address = ("127.0.0.1", free_port())

    async def play() -> None:
        app = web.Application()
        app.add_routes([web.get("/runs/{run}", Edge(conduct, Chance(7, "edge"), log).serve)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, *address).start()
        async with aiohttp.ClientSession() as session:
            client = Client(session, f"{address[0]}:{address[1]}", "support", conduct, Chance(7, "users"))
            await asyncio.gather(*(client() for _ in range(USERS)))
        # the edge notices a moment later that a client has gone
        assert await asyncio.to_thread(wait_until, lambda: all_ended(lines(folder / "edge.jsonl")), 30)
        await runner.cleanup()

    asyncio.run(play())
    log.close()
    return lines(folder / "edge.jsonl")


def reconnects(log: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((line["cursor"], line["result"]) for line in log if "cursor" in line)


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({}, ("present", "resumed")),
        ({"cursor_dropped": 1.0}, ("missing", "full_replay")),
        ({"clients_without_cursor": 1.0}, ("missing", "full_replay")),
    ],
    ids=["a good client resumes", "a proxy drops the cursor", "the client forgets it"],
)
def test_a_client_that_comes_back(tmp_path: Path, changed: dict[str, float], how: tuple[str, str]) -> None:
    calm = {"stall": 0.0, "cut": 0.0, "clients_without_cursor": 0.0, "first_event_seconds": 0.05}
    log = watched(tmp_path, Conduct(clients_drop=1.0, **{**calm, **changed}))
    assert reconnects(log) == {how: USERS}
    outcomes = Counter(line["outcome"] for line in log if line["event"] == "end")
    assert outcomes == {"client_closed": USERS, "completed": USERS}
    opened = [line["stream"] for line in log if line["event"] == "open"]
    assert len(set(opened)) == len(opened) == 2 * USERS


def test_a_stream_that_is_cut_off_is_truncated(tmp_path: Path) -> None:
    log = watched(tmp_path, Conduct(clients_drop=0.0, cut=1.0, stall=0.0, first_event_seconds=0.05))
    assert {line["outcome"] for line in log if line["event"] == "end"} == {"truncated"}


def test_a_full_log_is_renamed_and_no_line_is_lost_or_torn(tmp_path: Path) -> None:
    log = Lines(tmp_path / "a.jsonl", most_bytes=330)
    for number in range(11):
        log.write(event="data", number=number)
    log.close()
    log.write(event="late")
    kept = [line["number"] for name in ("a.jsonl.1", "a.jsonl") for line in lines(tmp_path / name)]
    assert kept == list(range(11))
    assert (tmp_path / "a.jsonl.1").stat().st_size <= 330


def test_a_damaged_copy_looks_like_a_database_and_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "live.db", Chance(7, "checkpoints"))
    for whole in (True, False):
        store.copy(tmp_path / "copy.db", whole=whole)
        assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite format 3")
        with closing(sqlite3.connect(tmp_path / "copy.db")) as database:
            try:
                found = database.execute("pragma integrity_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                found = str(error)
        assert (found == "ok") is whole


def test_ids_of_checkpoints_are_times_in_order() -> None:
    first, second = (uuid.UUID(checkpoint(Chance(7, "x"), at)[1]) for at in (1_795_000_000.25, 1_795_000_000.5))
    assert (first.version, first < second, str(first) < str(second)) == (6, True, True)


def test_draws_of_one_theme_do_not_change_anothers_and_repeat() -> None:
    alone = [Chance(7, "a").around(1.0) for _ in range(3)]
    assert len(set(alone)) == 1
    assert Chance(7, "a").around(1.0) != Chance(7, "b").around(1.0)
    assert Chance(7, "a").around(1.0) != Chance(8, "a").around(1.0)


def test_the_day_is_busiest_at_three_in_the_afternoon_and_its_mean_is_one() -> None:
    hours = [diurnal(hour * 3600, 0.3) for hour in range(24)]
    assert max(hours) == hours[15] == pytest.approx(1.3)
    assert min(hours) == hours[3] == pytest.approx(0.7)
    assert sum(hours) / 24 == pytest.approx(1)


def test_a_redis_that_hangs_holds_up_no_other_part(tmp_path: Path) -> None:
    hangs = threading.Event()

    class App:
        def send_task(self, *_: object, **__: object) -> None:
            hangs.wait(60)

    queues = Queues(Settings(folder=tmp_path, exporter="http://127.0.0.1:9", redis="redis://127.0.0.1:9/0"))

    async def play() -> str:
        put = queues._putting(App(), "work", "runs")
        waiting = [asyncio.create_task(put()) for _ in range(60)]
        await asyncio.sleep(0.2)
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "done"), 20)
        finally:
            hangs.set()
            await asyncio.gather(*waiting)

    assert asyncio.run(play()) == "done"


def test_a_schedule_fires_when_it_is_due_and_counts_what_it_missed() -> None:
    begun = 1_795_651_200.0  # 2026-11-26 00:00 UTC, 01:00 in Berlin
    assert around("0 2 * * *", begun) == (begun - 23 * 3600, begun + 3600)
    polls = Schedule("inbox-poll", "*/15 * * * *", 20, begun + 1)
    assert (polls.last, polls.due) == (begun, begun + 900)
    assert polls.take(begun + 899, fires=True) == 0
    assert polls.take(begun + 900, fires=True) == 20
    assert polls.take(begun + 901, fires=True) == 0
    assert polls.take(begun + 1801, fires=False) == 0
    assert (polls.missed, polls.last, polls.due) == (1, begun + 900, begun + 2700)


def test_the_page_of_schedules_names_each() -> None:
    page = Scheduler(QueueConduct()).page()
    assert 'queue_schedule_missed_total{schedule="nightly-evals"} 0.000' in page
    assert page.count('schedule="inbox-poll"') == 3
