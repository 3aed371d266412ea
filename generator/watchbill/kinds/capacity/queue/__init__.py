"""Queue: whether workers keep up, how long work waits, and how many workers would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill.conventions import capacity as names
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import DAY, HOUR, MINUTE, format_duration
from watchbill.fields import Duration, Name, Objective, Section, SelectorField, Share
from watchbill.kinds.capacity.base import Grouped, unit
from watchbill.kinds.capacity.queue import alerts, panels, proofs, rules
from watchbill.kinds.slis.base import Input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit
    from watchbill.promql import Selector

DRAIN_BELOW_WAIT = Code(
    "WB330",
    "Backlog must be gone sooner than a job may wait",
    "`drain_within` says how long a backlog may last. Below `wait.within` the backlog alert fires while every job is "
    "still in time.",
    "Raise `drain_within` above `wait.within`.",
    Severity.WARNING,
)
ARRIVALS_OVER = Code(
    "WB331",
    "Arrivals are averaged over too short or too long a time",
    "The mean must hold a whole period of whatever fans out on schedule, and a few scrapes; over a day it no longer "
    "tells what comes now.",
    "Use the period of the busiest schedule, from four scrape intervals up to 24h; 1h suits most.",
)
UNKNOWN_OBJECTIVE = Code(
    "WB332",
    "No such objective",
    "`slo` links the queue's alerts to the objective that counts true waits.",
    "Name an objective of this spec, or leave `slo` out.",
)
CODES = (DRAIN_BELOW_WAIT, ARRIVALS_OVER, UNKNOWN_OBJECTIVE)

SERVED_OVER = 30 * MINUTE
MIN_SCRAPES = 4


class Wait(Section):
    """How long a job may wait until it starts."""

    objective: Objective = Field(description="Percentage of jobs that start in time.")
    within: Duration = Field(description="The time.")


class Queue(Grouped):
    """A queue and its workers. Every metric defaults to the canonical one of `queue`."""

    kind: Literal["queue"]
    queue: str = Field(default="", max_length=200, description="Value of the label `queue` of the default metrics.")
    wait: Wait = Field(description="How long a job may wait.")
    drain_within: Duration = Field(default=15 * MINUTE, description="How long a backlog may last.")
    delayed: Share | None = Field(
        default=None,
        description="Share of jobs that may have to wait at all, for the number of workers needed; default: what "
        "`wait.objective` leaves, which is on the safe side.",
    )
    run_within: Duration | None = Field(default=None, description="Ticket when a job runs longer than this.")
    arrivals_over: Duration = Field(
        default=HOUR, description="Mean of arrivals: a whole period of the schedules that fan out into the queue."
    )
    slo: Name | None = Field(default=None, description="The objective that counts true waits, if there is one.")
    ready: SelectorField | None = Field(
        default=None, description='Gauge of waiting jobs; default queue_jobs{state="ready"}.'
    )
    oldest_ready: SelectorField | None = Field(
        default=None,
        description="Unix time at which the oldest waiting job came; default queue_oldest_ready_timestamp_seconds.",
    )
    oldest_running: SelectorField | None = Field(
        default=None,
        description="Unix time at which the oldest running job began; default queue_oldest_running_timestamp_seconds.",
    )
    enqueued: SelectorField | None = Field(
        default=None, description="Counter of jobs that came; default queue_enqueued_total."
    )
    run_seconds: SelectorField | None = Field(
        default=None,
        description="Histogram or summary of how long jobs run, without suffix; default queue_run_seconds.",
    )
    slots: SelectorField | None = Field(
        default=None,
        description="Gauge of jobs that workers can run at once, busy or idle; default queue_worker_slots.",
    )
    stalled: SelectorField | None = Field(
        default=None, description="Gauge of workers that hang; default queue_workers_stalled."
    )

    def of(self, role: str) -> Selector:
        """Return the selector of an input."""
        metric, labels = rules.METRICS[role]
        given = getattr(self, role)
        if given is None and role in rules.OF_WORKERS and self.queue:
            return self.metric(None, metric).where([rules.takes_from(self.queue)])
        return self.metric(given, metric, queue=self.queue, **dict(labels))

    def inputs(self) -> tuple[Input, ...]:
        """All metrics, waiting jobs first."""
        runs = self.of("run_seconds")
        parts = (runs.named(f"{runs.metric}{suffix}") for suffix in ("_count", "_sum"))
        return (
            *(
                Input(r, self.of(r), "counter" if r == "enqueued" else "gauge")
                for r in rules.METRICS
                if r != "run_seconds"
            ),
            *(Input("run_seconds", part, "counter") for part in parts),
        )

    @property
    def delay_share(self) -> float:
        """Share of jobs, 0..1, that may have to wait at all."""
        return self.delayed if self.delayed is not None else float(1 - self.wait.objective / 100)

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """Times fit each other; the objective is there."""
        if self.drain_within < self.wait.within:
            lasts, waits = format_duration(self.drain_within), format_duration(self.wait.within)
            text = f"a backlog may last {lasts}, a job may wait {waits}"
            where = "drain_within" if "drain_within" in self.model_fields_set else "wait"
            yield Problem((where,), DRAIN_BELOW_WAIT, text)
        if not MIN_SCRAPES * setting.timing.scrape <= self.arrivals_over <= DAY:
            least = format_duration(MIN_SCRAPES * setting.timing.scrape)
            text = f"{format_duration(self.arrivals_over)} is not between {least} and 24h"
            where = "arrivals_over" if "arrivals_over" in self.model_fields_set else "name"
            yield Problem((where,), ARRIVALS_OVER, text)
        if self.slo is not None and self.slo not in setting.objectives:
            yield Problem(("slo",), UNKNOWN_OBJECTIVE, f"there is no objective '{self.slo}'")

    def unit(self, setting: Setting) -> Unit:
        """Return rules, alerts, scenarios and panels."""
        bench = rules.QueueBench(self, setting, names.BOARD)
        return unit(bench, alerts.alerts, rules.files, proofs.scenarios, panels.display)
