"""A service that tells harnesses of limits, with a clock of its own, and what Alertmanager would tell it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from tests.exporters.running import Exporting
from tests.limits import BY_ID, labels, limited
from watchbill.targets import limits
from watchbill_exporters.limits import EXPORTER
from watchbill_exporters.limits.source import LimitsSource

if TYPE_CHECKING:
    from pathlib import Path

    import requests

TOKEN, READER = "told-by-alertmanager", "asked-by-harness"
BEGIN = 1_700_000_000.0
ZERO = "0001-01-01T00:00:00Z"


@dataclass
class Time:
    now: float = BEGIN

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def alert(limit: str, *, started: float = BEGIN, ended: float | None = None, **more: Any) -> dict[str, Any]:
    """Return one alert of a notification; `labels` are added, None takes one away."""
    groups = {name: f"{name}-1" for name in BY_ID[limit].group_labels} if limit in BY_ID else {}
    own = {**(labels(limit) if limit in BY_ID else {}), **groups, **more.get("labels", {})}
    return {
        "status": "firing" if ended is None else "resolved",
        "labels": {k: v for k, v in own.items() if v is not None},
        "annotations": {},
        "startsAt": stamp(started),
        "endsAt": ZERO if ended is None else stamp(ended),
        "generatorURL": "",
        "fingerprint": "0",
    }


def body(*alerts: dict[str, Any], **changed: Any) -> bytes:
    return json.dumps({"version": "4", "groupKey": "x", "status": "firing", "alerts": alerts, **changed}).encode()


def config(folder: Path, **changed: Any) -> Path:
    [(_, text)] = limits.render(limited())
    (folder / "limits.yaml").write_text(text, "utf-8")
    (folder / "token").write_text(TOKEN + "\n", "utf-8")
    own = {"file": "limits.yaml", "state": "state.json", "token_file": "token", **changed}
    file = folder / "config.yaml"
    file.write_text(json.dumps({"harness": own}), "utf-8")
    return file


@dataclass
class Service:
    """It serves on the loopback; `time` is its clock."""

    folder: Path
    time: Time = field(default_factory=Time)
    changed: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        exporter = replace(EXPORTER, feeds=(LimitsSource(self.time),))
        self._exporting = Exporting(exporter, config(self.folder, **self.changed))
        self._exporting.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._exporting.__exit__(None, None, None)

    @property
    def runtime(self) -> Any:
        return self._exporting.runtime

    def tell(self, *alerts: dict[str, Any], token: str = TOKEN, data: bytes | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return self._exporting.post("/alerts", data if data is not None else body(*alerts), headers=headers)

    def ask(self, path: str = "/limits/agent-1", **headers: str) -> requests.Response:
        return self._exporting.get(path, headers=headers)

    def actions(self, path: str = "/limits/agent-1") -> dict[str, Any]:
        found: dict[str, Any] = self.ask(path).json()["actions"]
        return found

    def page(self) -> str:
        return self._exporting.get().text
