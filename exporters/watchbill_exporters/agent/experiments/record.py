"""One task of an experiment, from a line or from a closed run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.runs import OUTCOMES
from watchbill_exporters.agent.experiments.bucket import BUCKETS, bucket_of
from watchbill_exporters.core.records.decode import OTHER, Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.agent.listeners import ClosedRun
    from watchbill_exporters.core.records.decode import Fields

FIELDS = (
    "ts", "experiment", "variant", "unit", "bucket", "outcome", "cost_usd", "resolution_seconds", "guardrails",
    "trace_id",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """A task, or part of one: without an outcome only cost and guardrail events are added to its variant."""

    experiment: str
    variant: str
    bucket: str
    outcome: str = ""
    cost_usd: float = 0.0
    resolution_seconds: float | None = None
    guardrails: tuple[str, ...] = ()


def parse(fields: Fields) -> Trial:
    """Return the task of a line. Raises RefusedError."""
    fields.only(*FIELDS)
    fields.time("ts")
    fields.trace_id()
    known = (*OUTCOMES, OTHER)
    return Trial(
        experiment=fields.text("experiment"),
        variant=fields.text("variant"),
        bucket=_bucket(fields),
        outcome=fields.choice("outcome", known) if fields.raw.get("outcome") is not None else "",
        cost_usd=fields.number("cost_usd", least=0) or 0.0,
        resolution_seconds=fields.number("resolution_seconds", least=0),
        guardrails=fields.texts("guardrails", most=64),
    )


def trials(run: ClosedRun) -> Iterator[Trial]:
    """Yield one task for each experiment a run took part in."""
    for assigned in run.assignments:
        yield Trial(
            assigned.experiment,
            assigned.variant,
            bucket_of(assigned.unit),
            run.outcome,
            run.cost_usd,
            run.resolution_seconds,
            run.guardrails,
        )


def _bucket(fields: Fields) -> str:
    given = fields.whole("bucket", least=0, most=BUCKETS - 1)
    if (given is None) is (fields.raw.get("unit") is None):
        raise RefusedError(Refusal.WRONG_SHAPE, "unit or bucket, one of them")
    return bucket_of(fields.text("unit", most=1024)) if given is None else str(given)
