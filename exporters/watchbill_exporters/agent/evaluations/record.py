"""What a line or a span event says of an evaluation; docs/recipes/agent-evaluations.md has the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.quality import DECISIONS, MODES, VERDICTS
from watchbill_exporters.core.records.decode import OTHER

if TYPE_CHECKING:
    from watchbill_exporters.core.records.decode import Fields

JUDGED = ("pass", "fail")


@dataclass(frozen=True)
class Result:
    """An evaluator's verdict on one item; `item` is what human labels refer to."""

    suite: str
    evaluator: str
    verdict: str
    mode: str
    at: float
    score: float | None = None
    item: str = ""
    trace_id: str | None = None


@dataclass(frozen=True)
class Label:
    """What a person says of an item."""

    evaluator: str
    item: str
    verdict: str


@dataclass(frozen=True)
class Candidate:
    """Whether a run that could have been evaluated online was."""

    decision: str


Record = Result | Label | Candidate


def parse(fields: Fields) -> Record:
    """Return the record of a line. Raises RefusedError."""
    match fields.choice("type", ("result", "label", "candidate"), "result"):
        case "label":
            fields.only("type", "ts", "evaluator", "item", "human")
            return Label(fields.text("evaluator"), fields.text("item"), fields.choice("human", JUDGED))
        case "candidate":
            fields.only("type", "ts", "decision", "trace_id")
            return Candidate(fields.choice("decision", (*DECISIONS, OTHER)))
        case _:
            return _result(fields)


def _result(fields: Fields) -> Result:
    fields.only("type", "ts", "suite", "evaluator", "verdict", "mode", "score", "item", "trace_id")
    return Result(
        suite=fields.text("suite"),
        evaluator=fields.text("evaluator"),
        verdict=fields.choice("verdict", (*VERDICTS, OTHER)),
        mode=fields.choice("mode", MODES, "offline"),
        at=fields.moment("ts"),
        score=fields.number("score"),
        item=fields.text("item", ""),
        trace_id=fields.trace_id(),
    )
