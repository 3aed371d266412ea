"""The `links:` and `dashboards:` sections: where things are served, and what dashboards show beside the objectives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from watchbill.fields import Section, SelectorField, Url


class TraceStore(Section):
    """Where traces are kept."""

    kind: Literal["tempo", "jaeger"] = Field(description="What keeps the traces.")
    url: Url = Field(description="Its address for people: the Grafana that shows Tempo, or Jaeger's own page.")
    datasource: str = Field(default="tempo", max_length=40, description="UID of Grafana's data source for Tempo.")


class LinksSpec(Section):
    """Addresses that alerts, dashboards and runbook pages link to. What is left out is not linked."""

    grafana: Url = Field(default="", description="The Grafana that gets the dashboards.")
    runbooks: Url = Field(default="", description="Where the runbook site is served.")
    alertmanager: Url = Field(default="", description="The Alertmanager's page, for silences.")
    prometheus: Url = Field(default="", description="The Prometheus page, for queries in runbooks.")
    traces: TraceStore | None = Field(default=None, description="Where traces are found.")

    def trace_store(self) -> dict[str, str]:
        """Return the fields of the Plan's links that say where traces are."""
        if self.traces is None:
            return {}
        return {
            "traces": self.traces.url, "traces_kind": self.traces.kind, "traces_datasource": self.traces.datasource,
        }  # fmt: skip


class DashboardExclusion(Section):
    """A finding in dashboards that is meant to be: which, where, and why."""

    code: str = Field(pattern=r"^WB6\d\d$", description="Code of the finding: WB617.")
    reason: str = Field(min_length=3, max_length=400, description="Why it is right here.")
    dashboard: str = Field(default="", max_length=40, description="UID of the dashboard; default: any.")
    panel: str = Field(default="", max_length=200, description="Title of the panel; default: any.")


class DashboardsSpec(Section):
    """What dashboards show beside the objectives, and what their lint leaves out."""

    deploys: SelectorField | None = Field(
        default=None,
        description="Gauge of deployments, such as a start time or a version's info: its changes are annotated.",
    )
    exclusions: tuple[DashboardExclusion, ...] = Field(
        default=(), description="Findings of `watchbill check --dashboards` that are meant to be."
    )
