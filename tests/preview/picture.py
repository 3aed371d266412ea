"""From dashboards to pictures, and how each panel went."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.preview.server import serving

PAGE = Path(__file__).with_name("page")
BUILT = PAGE / "node_modules" / ".page"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PANELS_IN_ONE = 200
SET_UP = "run `make preview` once: it installs and builds what the preview needs"


class PreviewError(Exception):
    """The preview could not be drawn at all."""


@dataclass(frozen=True)
class View:
    """What is drawn of every dashboard, and how."""

    prometheus: str
    since: str | None = None
    until: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    theme: str = "dark"
    width: int = 1600
    scrape_interval: str = "15s"
    single: bool = False
    patience: float = 60


@dataclass(frozen=True)
class Outcome:
    """`panels` are as the page reports them: title, type, state, message, notes."""

    picture: Path
    panels: Sequence[Mapping[str, Any]]
    problems: Sequence[str]

    @property
    def errors(self) -> list[str]:
        failed = [f"{p['title']}: {p['message']}" for p in self.panels if p["state"] == "error"]
        return [*self.problems, *failed]

    @property
    def empty(self) -> list[str]:
        return [f"{p['title']}: {p['message']}" for p in self.panels if p["state"] == "empty"]

    @property
    def notes(self) -> list[str]:
        return [f"{p['title']}: {note}" for p in self.panels for note in p["notes"]]


def draw(dashboards: Mapping[str, Mapping[str, Any]], view: View, out: Path) -> list[Outcome]:
    """Draw each dashboard, by its name, into a file of that name."""
    if not (BUILT / "index.html").is_file():
        raise PreviewError(SET_UP)
    out.mkdir(parents=True, exist_ok=True)
    settings = {
        "dashboards": list(dashboards.values()),
        "from": view.since,
        "to": view.until,
        "variables": view.variables,
        "theme": view.theme,
        "width": view.width,
        "scrapeInterval": view.scrape_interval,
    }
    jobs = [_job(n, name, out, single=view.single) for n, name in enumerate(dashboards)]
    with serving(BUILT, settings, view.prometheus) as url:
        answers = _shoot({"url": url, "width": view.width, "timeoutMs": view.patience * 1000, "jobs": jobs})
    return [Outcome(Path(job["picture"]), a["panels"], a["problems"]) for job, a in zip(jobs, answers, strict=True)]


def _job(number: int, name: str, out: Path, *, single: bool) -> dict[str, Any]:
    stem = re.sub(r"[^\w.-]+", "-", name)
    panels = {n: str(out / f"{stem}-{n:02}.png") for n in range(PANELS_IN_ONE)} if single else {}
    return {"dashboard": number, "picture": str(out / f"{stem}.png"), "panels": panels}


def _shoot(order: Mapping[str, Any]) -> list[dict[str, Any]]:
    document = json.dumps({**order, "executable": _browser()})
    command = ["node", str(PAGE / "shoot.mjs")]
    try:
        done = subprocess.run(command, input=document, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise PreviewError(f"node was not found; {SET_UP}") from error
    except subprocess.CalledProcessError as error:
        raise PreviewError(f"could not take the pictures: {error.stderr.strip()}") from error
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _browser() -> str:
    """The path of Chromium; the variable CHROMIUM goes before what is on PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise PreviewError("Chromium was not found; install Debian's package chromium, or name yours in CHROMIUM")
    return found
