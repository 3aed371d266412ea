"""Killed at any moment: what Alertmanager was told is taken is there after the restart."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

import pytest
import requests

from tests.exporters.limits.world import TOKEN, alert, body, config
from tests.live.test_harness_limits import Program

if TYPE_CHECKING:
    from pathlib import Path

KILLS, SENDERS = 6, 4
NOW = 4e9  # never stale: each agent's alert is told once


@pytest.mark.timeout(600)
def test_a_limit_that_was_answered_200_survives_every_kill(tmp_path: Path) -> None:
    taken: set[str] = set()
    stop = threading.Event()
    program = Program(tmp_path, config(tmp_path))

    def tell(sender: int) -> None:
        number = 0
        while not stop.is_set():
            agent = f"agent-{sender}-{number}"
            data = body(alert("spend-pace", started=NOW, labels={"agent": agent}))
            try:
                answer = requests.post(
                    f"{program.url}/alerts", data, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
                )
            except requests.RequestException:
                stop.wait(0.05)
                continue
            if answer.ok and answer.json().get("begun"):
                taken.add(agent)
            number += 1

    moments = random.Random(7)  # noqa: S311 - when to kill is no secret
    with program:
        senders = [threading.Thread(target=tell, args=(n,)) for n in range(SENDERS)]
        for sender in senders:
            sender.start()
        for _ in range(KILLS):
            stop.wait(0.2 + 0.5 * moments.random())
            program.kill()
            assert not (tmp_path / "state.json.damaged").exists()
            program.start()
        stop.set()
        for sender in senders:
            sender.join()
        program.kill()
        program.start()
        page = requests.get(program.url + "/metrics", timeout=60).text
        held = next(
            float(line.split()[-1]) for line in page.splitlines() if 'limits_active{limit="spend-pace"}' in line
        )
        lost = [agent for agent in taken if not program.actions(agent)]
    assert len(taken) > KILLS
    assert lost == []
    assert held is not None
    assert held >= len(taken)
