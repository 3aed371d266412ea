"""Asks a Prometheus over its HTTP API."""

from time import time as _now
from typing import Any

import requests

Labels = dict[str, str]
Samples = list[tuple[float, float]]


class PrometheusApi:
    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy has no business on the loopback

    def is_ready(self) -> bool:
        try:
            return self._session.get(f"{self.url}/-/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def post_reload(self) -> requests.Response:
        return self._session.post(f"{self.url}/-/reload", timeout=10)

    def query(self, expr: str, time: float | None = None) -> list[tuple[Labels, float]]:
        data = self._get("query", query=expr, **_at(time))
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(row["metric"], float(row["value"][1])) for row in data["result"]]

    def samples(self, selector: str, seconds: int, time: float | None = None) -> list[tuple[Labels, Samples]]:
        """Return the stored samples of the last `seconds`, at their own timestamps."""
        return _matrix(self._get("query", query=f"{selector}[{seconds}s]", **_at(time)))

    def query_range(self, expr: str, start: float, end: float, step: float) -> list[tuple[Labels, Samples]]:
        return _matrix(self._get("query_range", query=expr, start=start, end=end, step=step))

    def exemplars(self, expr: str) -> list[dict[str, Any]]:
        """Return the stored exemplars of the last hour."""
        end = _now()
        found = self._get("query_exemplars", query=expr, start=end - 3600, end=end + 60)
        return [exemplar for row in found for exemplar in row["exemplars"]]

    def alerts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("alerts")["alerts"]
        return found

    def rules(self) -> list[dict[str, Any]]:
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def own_metric(self, name: str) -> float:
        """Add up one metric of the server's own `/metrics`."""
        lines = self._session.get(f"{self.url}/metrics", timeout=10).text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))

    def _get(self, path: str, **parameters: str | float) -> Any:
        body = self._session.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=30).json()
        if body["status"] != "success":
            raise RuntimeError(f"could not answer {parameters}: {body['error']}")
        return body["data"]


def _at(time: float | None) -> dict[str, str | float]:
    return {} if time is None else {"time": f"{time:.3f}"}


def _matrix(data: Any) -> list[tuple[Labels, Samples]]:
    return [(row["metric"], [(float(at), float(value)) for at, value in row["values"]]) for row in data["result"]]
