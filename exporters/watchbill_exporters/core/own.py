"""What an exporter says of itself."""

from __future__ import annotations

import threading
from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import PlatformCollector, ProcessCollector
from prometheus_client.registry import CollectorRegistry

from watchbill_exporters.core.families import counter, gauge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client import Metric


class OwnMetrics:
    """Counts what was dropped and refused; any thread may call it."""

    def __init__(self, prefix: str, families: Iterable[str], started_at: float) -> None:
        self._prefix = f"{prefix}_exporter"
        self._lock = threading.Lock()
        self._dropped: Counter[str] = Counter(dict.fromkeys(families, 0))
        self._refused: Counter[tuple[str, int]] = Counter()
        self._reloaded_at = started_at
        self._reload_ok = True

    def dropped(self, counts: Mapping[str, int]) -> None:
        with self._lock:
            self._dropped.update(counts)

    def refused(self, path: str, status: int) -> None:
        with self._lock:
            self._refused[path, status] += 1

    def known(self, path: str, statuses: Iterable[int]) -> None:
        """Let series start at 0, or `increase()` would miss the first event."""
        with self._lock:
            for status in statuses:
                self._refused.setdefault((path, status), 0)

    def reloaded(self, at: float, *, ok: bool) -> None:
        with self._lock:
            self._reload_ok = ok
            if ok:
                self._reloaded_at = at

    def families(self, task_failures: Mapping[str, int]) -> list[Metric]:
        with self._lock:
            dropped = [({"family": name}, float(count)) for name, count in self._dropped.items()]
            refused = [({"path": p, "code": str(code)}, float(n)) for (p, code), n in self._refused.items()]
            ok, at = self._reload_ok, self._reloaded_at
        tasks = [({"task": name}, float(count)) for name, count in task_failures.items()]
        p = self._prefix
        out = [
            gauge(f"{p}_build_info", "Version of the exporter.", [({"version": version("watchbill")}, 1.0)]),
            gauge(f"{p}_config_last_reload_successful", "Whether the config on disk is in use.", [({}, float(ok))]),
            gauge(f"{p}_config_last_reload_success_timestamp_seconds", "When the config was last taken.", [({}, at)]),
            counter(f"{p}_series_dropped_total", "Series left out: over the cap, or given by two targets.", dropped),
            counter(f"{p}_requests_refused_total", "Requests that were not taken in.", refused),
            counter(f"{p}_task_failures_total", "How often a background task failed and was started again.", tasks),
        ]
        return [family for family in out if family.samples]


def process_families() -> list[Metric]:
    """Return prometheus_client's own process and interpreter metrics."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return list(registry.collect())
