"""`gen_ai.evaluation.result` events -> results. OpenTelemetry leaves the words of a verdict free; these are known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.quality import DECISIONS
from watchbill_exporters.agent.evaluations.record import Candidate, Result
from watchbill_exporters.core.records.decode import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.agent.listeners import SpanEvent, SpanEvents

RESULT = "gen_ai.evaluation.result"
CANDIDATE = "gen_ai.evaluation.candidate"
ONLINE = "online"
_WORDS = {
    "pass": ("pass", "passed", "true", "yes", "correct", "ok", "good", "success", "relevant", "not_toxic"),
    "fail": ("fail", "failed", "false", "no", "incorrect", "bad", "failure", "not_relevant", "irrelevant", "toxic"),
    "na": ("na", "n/a", "none", "skip", "skipped", "not_applicable"),
    "error": ("error",),
}
VERDICT_OF = {word: verdict for verdict, words in _WORDS.items() for word in words}


def records(span: SpanEvents, pass_score: float | None) -> Iterator[Result | Candidate]:
    """Yield what the events of a span say of evaluations."""
    for event in span.events:
        if event.name == RESULT:
            yield _result(span, event, pass_score)
        elif event.name == CANDIDATE:
            decision = str(event.attributes.get("decision", ""))
            yield Candidate(decision if decision in DECISIONS else OTHER)


def _result(span: SpanEvents, event: SpanEvent, pass_score: float | None) -> Result:
    given = event.attributes
    value = given.get("gen_ai.evaluation.score.value")
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    score = float(value) if number and value is not None else None
    return Result(
        suite=str(given.get("gen_ai.evaluation.suite") or ONLINE),
        evaluator=str(given.get("gen_ai.evaluation.name") or OTHER),
        verdict=_verdict(event, score, pass_score),
        mode=ONLINE,
        at=event.at,
        score=score,
        item=str(given.get("gen_ai.evaluation.item") or span.trace_id),
        trace_id=span.trace_id,
    )


def _verdict(event: SpanEvent, score: float | None, pass_score: float | None) -> str:
    if event.attributes.get("error.type"):
        return "error"
    label = event.attributes.get("gen_ai.evaluation.score.label")
    if label is not None:
        return VERDICT_OF.get(str(label).strip().lower().replace(" ", "_"), OTHER)
    if score is None or pass_score is None:
        return OTHER
    return "pass" if score >= pass_score else "fail"
