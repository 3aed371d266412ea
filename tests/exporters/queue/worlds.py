"""A queue exporter on a real back end, with the rights that we tell people to give it."""

from __future__ import annotations

import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

import yaml

from lab.process import wait_until
from tests.exporters.pages import Key, values
from tests.exporters.redis_server import Redis
from tests.exporters.running import Exporting
from watchbill_exporters.queue import EXPORTER

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from tests.exporters.postgres_server import Postgres

GRANTS = files("watchbill_exporters.queue") / "grants"
PASSWORD = "odd-sesame-7193"  # noqa: S105 - of the tests only
SHORT, LONG = 1.6, 20.0  # seconds a scrape may take; the exporter gives up half a second before
TRIES = 3  # a page that is late once may be so because the machine is busy elsewhere


def watched_redis(folder: Path) -> Redis:
    """Return a Redis whose ACL has the user that we ship, beside the default one that may do everything."""
    folder.mkdir(parents=True)
    acl = [line for line in (GRANTS / "redis.acl").read_text("utf-8").splitlines() if line.startswith("user ")]
    text = "\n".join(["user default on nopass ~* &* +@all", *acl, ""]).replace("CHANGE-ME", PASSWORD)
    (folder / "users.acl").write_text(text, encoding="utf-8")
    return Redis(folder, "--aclfile", str(folder / "users.acl"))


class World:
    """The exporter, watching one target of the given kind."""

    def __init__(self, folder: Path, **target: Any) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
        self.config = folder / "queue.yaml"
        self.target = {"name": "main", **target}
        self.write()
        self.running = Exporting(EXPORTER, self.config)

    def write(self, **more: Any) -> None:
        self.config.write_text(yaml.safe_dump({"targets": [{**self.target, **more}]}), encoding="utf-8")

    def __enter__(self) -> Self:
        self.running.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.running.__exit__(kind, error, trace)

    def page(self, patience: float = LONG) -> str:
        """Scrape with a patience, which must not be exceeded."""
        for _ in range(TRIES):
            begun = time.monotonic()
            answer = self.running.get(headers={"X-Prometheus-Scrape-Timeout-Seconds": str(patience)})
            if (took := time.monotonic() - begun) < patience:
                break
        assert took < patience
        assert answer.status_code == 200
        return answer.text

    def values(self) -> dict[Key, float]:
        page = self.page()
        found = values(page)
        assert found["queue_up", frozenset({("target", "main")})] == 1, reasons(page)
        return found

    def value(self, name: str, **labels: str) -> float | None:
        return self.values().get((name, frozenset(labels.items())))

    def jobs(self, queue: str) -> dict[str, float]:
        """Return the jobs of a queue by state."""
        rows = ((dict(labels), number) for (name, labels), number in self.values().items() if name == "queue_jobs")
        return {labels["state"]: number for labels, number in rows if labels["queue"] == queue}

    def until(self, name: str, number: float | None, patience: float = 60, **labels: str) -> bool:
        return wait_until(lambda: self.value(name, **labels) == number, patience, 0.1)


def redis_target(kind: str, redis: Redis, **more: Any) -> dict[str, Any]:
    """Return a target that reads a watched Redis as our user."""
    url = f"redis://127.0.0.1:{redis.port}/0"
    return {"kind": kind, "url": url, "username": "watchbill", "password_file": "password", **more}


def grants(name: str) -> str:
    """Return a shipped file of grants, with a password of ours."""
    return (GRANTS / name).read_text("utf-8").replace("CHANGE-ME", PASSWORD)


def postgres_target(kind: str, postgres: Postgres, database: str, **more: Any) -> dict[str, Any]:
    """Return a target that reads a database as our user."""
    url = f"postgresql://127.0.0.1:{postgres.port}/{database}"
    return {"kind": kind, "url": url, "username": "watchbill", "password_file": "password", **more}


def ours(page: str) -> set[str]:
    """Return the names of the families that come from targets."""
    own = ("queue_up", "queue_scrape_", "queue_exporter_")
    return {name for name, _ in values(page) if name.startswith("queue_") and not name.startswith(own)}


def reasons(page: str) -> list[str]:
    return [dict(labels)["reason"] for name, labels in values(page) if name == "queue_scrape_error"]
