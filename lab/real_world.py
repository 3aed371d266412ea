"""Real services, each watched by every Prometheus there is: itself, an Alertmanager of its own, and one Redis."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab.history import Sample, add_history
from lab.product import rule_texts
from lab.prometheus import Prometheus
from lab.services import Alertmanager, Redis, RedisExporter
from lab.toolchain import Tool, matrix

SPEC = Path(__file__).resolve().parents[1] / "tests" / "specs" / "real-services.yaml"
BUDGETS = {"prometheus-http-budget": 4320.0, "redis-answers-budget": 13392.0}
"""Events a period may lose, as hours of rules before the test would have recorded them: they are due every 5 min."""

Alerts = dict[tuple[str, str], dict[str, Any]]  # by alert and by the value of `cmd`


@dataclass(frozen=True)
class Watch:
    """A Prometheus and the Alertmanager it tells."""

    server: Prometheus
    alertmanager: Alertmanager

    def firing(self) -> Alerts:
        return by_name(alert for alert in self.server.alerts() if alert["state"] == "firing")

    def pending(self) -> Alerts:
        return by_name(alert for alert in self.server.alerts() if alert["state"] == "pending")

    def delivered(self) -> Alerts:
        return by_name(self.alertmanager.alerts())

    def tiles(self, slo: str) -> int:
        rows = self.server.samples(f'slo:events:increase2s{{slo="{slo}"}}', 60)
        return max((len(samples) for _, samples in rows), default=0)


def by_name(alerts: Any) -> Alerts:
    return {(alert["labels"]["alertname"], alert["labels"].get("cmd", "")): alert for alert in alerts}


def config(watched: dict[str, str], alertmanager: Alertmanager) -> dict[str, Any]:
    jobs = {**watched, "alertmanager": alertmanager.address}
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "900ms"},
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager.address]}]}]},
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [address]}]} for job, address in jobs.items()
        ],
    }


class RealWorld:
    """Starts everything for the given legs of the tool matrix; the same Redis for all."""

    def __init__(self, folder: Path, legs: list[str]) -> None:
        self.folder, self.legs = folder, legs
        self.redis = Redis(folder / "redis")
        self.exporter = RedisExporter(folder / "exporter", self.redis)
        self.watches: dict[str, Watch] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.redis)
            stack.enter_context(self.exporter)
            for leg in self.legs:
                self.watches[leg] = self._watch(stack, leg)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _watch(self, stack: ExitStack, leg: str) -> Watch:
        folder = self.folder / leg
        alertmanager = stack.enter_context(Alertmanager(tool("alertmanager", leg).path, folder / "alertmanager"))
        server = Prometheus(
            tool("prometheus", leg).path,
            folder,
            config({"redis": self.exporter.address}, alertmanager),
            flags=("--rules.alert.resend-delay=1s",),
        )
        own = server.url.removeprefix("http://")
        server.write_config(config({"redis": self.exporter.address, "prometheus": own}, alertmanager))
        server.write_rule_texts(rule_texts(SPEC.read_text(encoding="utf-8")))
        add_history(tool("promtool", leg).path, folder / "data", budgets(time.time()))
        return Watch(stack.enter_context(server), alertmanager)


def budgets(now: float) -> list[Sample]:
    return [
        (f'slo:error_budget:events{{service="real",slo="{slo}"}}', value, now - ago)
        for slo, value in BUDGETS.items()
        for ago in range(1800, 0, -300)
    ]


def tool(name: str, leg: str) -> Tool:
    found = next(entry for entry in matrix(name) if entry.leg == leg)
    if not isinstance(found, Tool):
        raise TypeError(str(found))
    return found


def legs() -> list[str]:
    """Return the legs that have all the tools."""
    names = ("prometheus", "promtool", "alertmanager")
    have = [{entry.leg for entry in matrix(name) if isinstance(entry, Tool)} for name in names]
    return [entry.leg for entry in matrix("prometheus") if all(entry.leg in found for found in have)]
