"""Puts the demo together, in the order in which one needs the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from compose.demo import programs
from compose.demo.api import Api, Server
from compose.demo.configs import alertmanager, exporters, prometheus
from compose.demo.configs.links import link_bases, linked
from compose.demo.family import Family
from compose.demo.faults import Faults
from compose.demo.history import write_history
from compose.demo.history.grid import Grid
from compose.demo.mailbox import Mailbox
from compose.demo.places import ROOT
from watchbill import conventions
from watchbill import plan as planner
from watchbill.load import load
from watchbill.targets import routes, rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from compose.demo.places import Places
    from compose.demo.progress import Progress
    from compose.demo.tools import Tools

SPEC = ROOT / "watchbill.yaml"
SITE = ROOT / conventions.RUNBOOKS_FOLDER / "site"


class Stack:
    """The demo, running."""

    def __init__(self, places: Places, tools: Tools, progress: Progress, *, days: int = 30, pace: float = 1.0) -> None:
        self.places, self._tools, self._progress, self._days, self._pace = places, tools, progress, days, pace
        self.family, self.mailbox = Family(), Mailbox()
        self.left_out: list[str] = []
        self._server: Server | None = None

    @property
    def urls(self) -> dict[str, str]:
        control = self.places.url("control")
        found = {"prometheus": self.places.url("prometheus"), "alertmanager": self.places.url("alertmanager")}
        return {**found, "runbooks": f"{control}/runbooks", "control": control, "simulator": self.places.url("simulator")}

    def start(self) -> None:
        """Start everything. Raises StartError, and what wrong files raise."""
        document = load([SPEC]).document
        plan = planner.build(document)
        places, step = self.places, self._progress.step
        bases = link_bases(plan.links, places)
        platform, token = places.below("platform"), places.below("configs") / "incidents.token"
        token.write_text("demo-incidents-token\n", encoding="utf-8")
        token.chmod(0o600)

        step(f"{self._days} days of history")
        binaries = self._tools.prometheus.path, self._tools.promtool
        grid = Grid(int(time.time()) // 30 * 30, self._days)
        write_history(document, plan, binaries, places.below("prometheus"), grid, self._progress.detail)

        step("exporters")
        self.family.add(programs.exporter(places, "agent", exporters.agent(platform, token)))

        step("agent platform")
        self.family.add(programs.simulator(places, self._platform(platform, token)))

        step("Alertmanager")
        self._put(dict(_named(routes.render(plan))), places.below("alertmanager"), bases)
        bundle = (places.below("alertmanager") / "alertmanager.yml").read_text(encoding="utf-8")
        told = alertmanager.config(bundle, f"{places.url('control')}/hook")
        self.family.add(programs.alertmanager(places, self._tools, told))

        step("Prometheus")
        folder = places.below("prometheus", "rules")
        self._put(dict(_named(rules.render(plan))), folder, bases)
        self.family.add(programs.prometheus(places, self._tools, prometheus.config(places, folder, {"agent"})))

        faults = Faults(self.family, places.url("simulator"))
        faults.learn()
        self._server = Server(places.port("control"), Api(self.urls, faults, self.family, self.mailbox), SITE)
        self._server.begin()

    def end(self) -> None:
        """End everything; what did not start is no matter."""
        self.family.end()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _platform(self, folder: Path, token: Path) -> dict[str, object]:
        return {
            "folder": str(folder),
            "exporter": self.places.url("agent"),
            "control": self.places.address("simulator"),
            "gateway": self.places.address("gateway"),
            "edge": self.places.address("edge"),
            "incidents_token": str(token),
            "pace": self._pace,
        }

    @staticmethod
    def _put(texts: dict[str, str], folder: Path, bases: dict[str, str]) -> None:
        """Write generated files, links turned to the demo, all other bytes as they are."""
        for name, text in texts.items():
            (folder / name).write_text(linked(text, bases), encoding="utf-8")


def _named(rendered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(path.rsplit("/", 1)[1], text) for path, text in rendered]
