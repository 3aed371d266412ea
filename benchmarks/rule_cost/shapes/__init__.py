"""The same SLO as three generators write it: 99.9 % of requests over 30 days."""

from __future__ import annotations

from dataclasses import dataclass

OBJECTIVE = 99.9
BUDGET = 0.001


@dataclass(frozen=True)
class Sli:
    """The counter, and the label whose values tell good from bad."""

    name: str
    metric: str
    job: str
    label: str
    bad_pattern: str

    @property
    def total(self) -> str:
        return f'{self.metric}{{job="{self.job}"}}'

    @property
    def bad(self) -> str:
        return f'{self.metric}{{job="{self.job}",{self.label}=~"{self.bad_pattern}"}}'


STEADY = Sli("requests", "http_requests_total", "api", "code", "5..")
CHURN = Sli("tasks", "agent_tasks_total", "agents", "status", "error")
SLIS = (STEADY, CHURN)
