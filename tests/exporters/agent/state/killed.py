"""Runs the exporter in child processes that are killed before a given line of its code, then lets it finish.

`python -m tests.exporters.agent.state.killed FOLDER` prints how many lines there are; with numbers of lines after it,
it prints what was counted after each kill, as JSON lines.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.exporters.agent.desk import NOW, Desk, append
from watchbill_exporters.agent.incidents.item import Report

if TYPE_CHECKING:
    from types import FrameType

ROUNDS = 4
CONFIG: dict[str, Any] = {
    "state": {"file": "state"},
    "streams": {"files": ["edge.jsonl"]},
    "evaluations": {"files": ["evals.jsonl"]},
    "incidents": {"files": ["desk.jsonl"], "ledger": "ledger.jsonl"},
}
FAMILIES = (
    "agent_streams_total",
    "agent_stream_first_event_seconds_sum",
    "agent_eval_results_total",
    "agent_incidents_total",
    "agent_exporter_lines_total",
)
OURS = "watchbill_exporters/agent/"


class Killer:
    """Counts the lines of the exporter's own code that run, and kills before one of them."""

    def __init__(self, at: int) -> None:
        self.at, self.lines = at, 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> Killer | None:
        if OURS not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def write_round(folder: Path, number: int) -> None:
    """Write what others write; it happens once, and a kill does not hit it."""
    edge, key = folder / "edge.jsonl", f"s{number}"
    if number == 2:
        edge.rename(folder / "edge.jsonl.1")
    append(edge, {"ts": NOW, "event": "open", "stream": key, "agent": "a"})
    append(edge, {"ts": NOW + 3, "event": "data", "stream": key})
    append(edge, {"ts": NOW + 4, "event": "end", "stream": key, "outcome": "completed"})
    append(folder / "evals.jsonl", {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"})
    append(folder / "desk.jsonl", {"ts": NOW + number, "text": "wrong"}, {"ts": NOW, "id": f"line-{number}"})
    (folder / "rounds").write_text(str(number))


def run(folder: Path, killer: Killer | None) -> dict[str, Any]:
    """Go on where the last one was killed, and return what is counted in the end."""
    sys.settrace(killer)
    with Desk(folder, **CONFIG) as desk:
        done = int((folder / "rounds").read_text()) if (folder / "rounds").exists() else 0
        for number in range(max(done, 1), ROUNDS + 1):
            if number > done:
                write_round(folder, number)
            desk.tick()
            # a client that got no answer asks again
            desk.feed("incidents").handler.ledger.add([Report(f"http-{number}", NOW, "alert")])  # type: ignore[attr-defined]
            desk.hub.keeper.save()
        desk.tick()
    sys.settrace(None)
    with Desk(folder, **CONFIG) as desk:
        desk.tick()
        return {name: sorted([*labels, value] for labels, value in desk.rows(name).items()) for name in FAMILIES}


def forked(folder: Path, killer: Killer | None, answer: Path | None) -> None:
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            found = run(folder, killer)
            if answer is not None:
                answer.write_text(json.dumps({**found, "lines": killer.lines if killer else 0}))
        os._exit(0)
    os.waitpid(child, 0)


def main(folder: Path, steps: list[int]) -> None:
    for step in steps or [0]:
        place, answer = folder / str(step), folder / "answer"
        place.mkdir(parents=True)
        answer.write_text("{}")
        if step:
            forked(place, Killer(step), None)
        forked(place, None if step else Killer(0), answer)
        print(json.dumps({"step": step, **json.loads(answer.read_text())}), flush=True)
        shutil.rmtree(place)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(step) for step in sys.argv[2:]])
