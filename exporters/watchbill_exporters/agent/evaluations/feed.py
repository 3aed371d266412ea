"""`evaluations:` suites from files, online results from spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from watchbill_exporters.agent.catalogue import quality as names
from watchbill_exporters.agent.evaluations.agreement import Agreement
from watchbill_exporters.agent.evaluations.record import JUDGED, Candidate, Label, Record, parse
from watchbill_exporters.agent.evaluations.spans import records
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.agent.listeners import SpanEvents
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver

NAME = "evaluations"


class EvaluationsSection(FilesSection):
    """Verdicts of evaluators, offline and online."""

    pass_score: float | None = Field(
        None, description="From which score on an online result without a verdict has passed; without it: `other`."
    )


@dataclass(frozen=True)
class EvaluationsConfig:
    tail: TailConfig
    by_state: bool = True
    pass_score: float | None = None


class Evaluations:
    """Handles lines, and listens to spans."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._agreement = Agreement(lambda evaluator: tally.admitted(names.JUDGE_AGREEMENT, (evaluator,))[0])
        self._pass_score: float | None = None

    def configure(self, config: EvaluationsConfig) -> None:
        self._pass_score = config.pass_score

    def parse(self, fields: Fields) -> Record:
        return parse(fields)

    def prepare(self, records: Sequence[Record]) -> None:
        """Nothing is slow."""

    def apply(self, record: Record) -> None:
        if isinstance(record, Candidate):
            self._tally.add(names.EVAL_CANDIDATES, (record.decision,))
        elif isinstance(record, Label):
            self._agreement.labelled(record.evaluator, record.item, record.verdict)
        else:
            labels = self._tally.admitted(names.EVAL_SCORE, (record.suite, record.evaluator))
            self._tally.add(names.EVAL_RESULTS, (*labels, record.verdict, record.mode))
            if record.score is not None:
                self._tally.observe(names.EVAL_SCORE, labels, record.score, record.trace_id)
            if record.item and record.verdict in JUDGED:
                self._agreement.judged(record.evaluator, record.item, record.verdict)
            newest = max(record.at, self._tally.value(names.EVAL_LAST_RUN, labels[:1]))
            self._tally.put(names.EVAL_LAST_RUN, labels[:1], newest)

    def span_events(self, span: SpanEvents) -> None:
        for record in records(span, self._pass_score):
            self.apply(record)

    def look(self, now: float, *, caught_up: bool) -> None:
        """Nothing depends on time."""

    def show(self) -> None:
        for evaluator, ratio in self._agreement.ratios().items():
            self._tally.put(names.JUDGE_AGREEMENT, (evaluator,), ratio)

    def export(self) -> dict[str, Any]:
        return self._agreement.export()

    def restore(self, data: dict[str, Any]) -> None:
        self._agreement.restore(data)


class EvaluationsFeed(InputFeed[EvaluationsConfig]):
    """Listens to spans while it is there."""

    hub: Hub

    def __init__(self, hub: Hub, config: EvaluationsConfig) -> None:
        self.evaluations = Evaluations(hub.tally)
        hub.tally.pin((names.EVAL_CANDIDATES,))
        super().__init__(NAME, hub, self.evaluations, config)
        hub.span_listeners.append(self.evaluations)

    def close(self) -> None:
        self.hub.span_listeners.remove(self.evaluations)
        super().close()


@dataclass(frozen=True)
class EvaluationsSource(InputSource):
    """Registered in agent/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[EvaluationsSection] = EvaluationsSection

    def resolve(self, section: EvaluationsSection, resolver: Resolver) -> EvaluationsConfig:
        return EvaluationsConfig(*tail_config(section, resolver), section.pass_score)

    def connect(self, config: EvaluationsConfig) -> EvaluationsFeed:
        return EvaluationsFeed(self.hub, config)
