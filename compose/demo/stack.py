"""Puts the demo together, in the order in which one needs the other."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import requests

from compose.demo import programs
from compose.demo.api import Api, Server
from compose.demo.configs import alertmanager, exporters, prometheus
from compose.demo.configs.links import link_bases, linked
from compose.demo.family import Family
from compose.demo.faults import Faults
from compose.demo.history import write_history
from compose.demo.history.grid import Grid
from compose.demo.mailbox import Mailbox
from compose.demo.places import HOST, ROOT
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
BLOCKS = "01*"
"""Folders of blocks are ULIDs, which begin so until the year 2039."""
SITE = ROOT / conventions.RUNBOOKS_FOLDER / "site"


class Stack:
    """The demo. `start` first; `end` always."""

    def __init__(self, places: Places, tools: Tools, progress: Progress, *, days: int, pace: float) -> None:
        self.places, self._tools, self._progress, self._days, self._pace = places, tools, progress, days, pace
        self.family, self.mailbox = Family(), Mailbox()
        self.left_out: list[str] = []
        self._absent: dict[str, str] = {}
        self._document = load([SPEC]).document
        self._plan = planner.build(self._document)
        self._platform = places.below("platform")
        self._token = places.below("configs") / "incidents.token"
        self._faults = Faults(self.family, places.url("simulator"))
        self._server = Server(
            (HOST, places.port("control")),
            Api(self.urls, self._faults, self.family, self.mailbox),
            places.below("site"),
        )

    @property
    def urls(self) -> dict[str, str]:
        control = self.places.url("control")
        found = {name: self.places.url(name) for name in ("prometheus", "alertmanager")}
        return {**found, "runbooks": f"{control}/runbooks", "control": control}

    def start(self) -> None:
        """Start everything; the past is computed while Prometheus scrapes already. Raises StartError."""
        step = self._progress.step
        self._put(((path.name, path.read_text(encoding="utf-8")) for path in SITE.iterdir()), self.places.below("site"))
        step("agent platform")
        self._start_platform()
        step("exporters")
        serving = self._start_exporters()
        self._faults.learn()
        self._server.begin()
        step("Alertmanager")
        self._start_alertmanager()
        step("Prometheus")
        rules_folder = self.places.below("prometheus", "rules")
        config = prometheus.config(self.places.address, f"{rules_folder}/*.yml", serving)
        self.family.add(programs.prometheus(self.places, self._tools, config))
        step(f"{self._days} days of history")
        history = self._write_history()
        step("rules, on top of it")
        self._put(rules.render(self._plan), rules_folder)
        self._adopt(history)

    def end(self) -> None:
        """End everything; what did not start is no matter."""
        self.family.end()
        self._server.close()

    def _write_history(self) -> Path:
        """Compute the past on a server of its own; return the folder of its blocks."""
        binaries = self._tools.prometheus.path, self._tools.promtool
        grid = Grid(int(time.time()) // 30 * 30, self._days)
        folder = self.places.below("history")
        write_history(self._document, self._plan, binaries, folder, grid, self._progress.detail)
        return folder / "data"

    def _adopt(self, history: Path) -> None:
        """Give Prometheus the past. What it has scraped since stays, so rules find neither a gap nor a beginning."""
        server = self.family["prometheus"]
        server.end()
        server.wait_ended()
        for block in history.glob(BLOCKS):
            block.rename(self.places.below("prometheus", "data") / block.name)
        server.spawn()
        server.wait_ready()

    def _start_platform(self) -> None:
        """It comes before what watches it: exporters want to see the files they are told of."""
        self._token.write_text("demo-incidents-token\n", encoding="utf-8")
        self._token.chmod(0o600)
        if (redis := shutil.which("redis-server")) is not None:
            self.family.add(programs.redis(self.places, redis))
        else:
            self.left_out.append("redis: redis-server is not on PATH")
        self.family.add(programs.simulator(self.places, self._settings()))
        self._absent = self._ask_absent()
        self.left_out += [f"{name}: {reason}" for name, reason in self._absent.items()]

    def _start_exporters(self) -> set[str]:
        """Start those that have something to watch; return which."""
        configs = {
            "agent": exporters.agent(self._platform, self._token),
            "sandbox": exporters.sandbox(self._platform),
        }
        if "queues" not in self._absent:
            configs["queue"] = exporters.queue(self._redis)
        if "backups" not in self._absent:
            configs["backup"] = exporters.backup(self._platform)
        self.family.add(*(programs.exporter(self.places, name, config) for name, config in configs.items()))
        return set(configs)

    def _start_alertmanager(self) -> None:
        folder = self.places.below("alertmanager")
        self._put(routes.render(self._plan), folder)
        bundle = (folder / "alertmanager.yml").read_text(encoding="utf-8")
        config = alertmanager.config(bundle, f"{self.urls['control']}/hook")
        self.family.add(programs.alertmanager(self.places, self._tools, config))

    def _settings(self) -> dict[str, object]:
        places = self.places
        return {
            "folder": str(self._platform),
            "exporter": places.url("agent"),
            "control": places.address("simulator"),
            "gateway": places.address("gateway"),
            "edge": places.address("edge"),
            "redis": self._redis if "redis" in self.family else None,
            "incidents_token": str(self._token),
            "pace": self._pace,
        }

    @property
    def _redis(self) -> str:
        return f"redis://{self.places.address('redis')}/0"

    def _ask_absent(self) -> dict[str, str]:
        """Ask the platform which of its parts cannot run here, and why."""
        with requests.Session() as session:
            session.trust_env = False
            found: dict[str, str] = session.get(f"{self.places.url('simulator')}/themes", timeout=10).json()["absent"]
        return found

    def _put(self, rendered: Iterable[tuple[str, str]], folder: Path) -> None:
        """Write generated files, their links turned to the demo, all other bytes as they are."""
        bases = link_bases(self._plan.links, self.places)
        for path, text in rendered:
            (folder / path.rsplit("/", 1)[-1]).write_text(linked(text, bases), encoding="utf-8")
