"""One HTTP server that plays many scrape targets and their service discovery."""

import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from lab.lives import GOOD, Behaviour, Life, seeded

Exposed = dict[tuple[int, str], int]


class Target:
    """A life behind an HTTP face; remembers what each server was shown."""

    def __init__(self, job: str, name: str, behaviour: Behaviour, seed: int) -> None:
        self.job, self.name, self.behaviour = job, name, behaviour
        self.life = Life(behaviour, seed, born=time.time() - 100_000)
        self.shown: dict[str, Exposed] = {}
        self.lock = threading.Lock()
        self._luck = seeded(seed + 2)

    @property
    def instance(self) -> str:
        return f"{self.name}-{self.life.number}" if self.behaviour.renames_on_restart else self.name

    def scrape(self, server: str, instance: str) -> str | None:
        with self.lock:
            delay = self._luck.uniform(*self.behaviour.delay)
            fails = self._luck.random() < self.behaviour.failed_scrapes
        time.sleep(delay)
        with self.lock:
            now = time.time()
            self.life.advance(now)
            if fails or instance != self.instance or self.life.is_down(now):
                return None
            counters = dict(self.life.counters)
            if self.life.hides(now):
                counters = {code: value for code, value in counters.items() if code == GOOD}
            self.shown.setdefault(server, {}).update({(self.life.number, code): n for code, n in counters.items()})
            return self._exposition(counters)

    def _exposition(self, counters: Mapping[str, int]) -> str:
        lines = ["# TYPE lab_requests_total counter"]
        lines += [f'lab_requests_total{{code="{code}"}} {value}' for code, value in sorted(counters.items())]
        lines += ["# TYPE process_start_time_seconds gauge", f"process_start_time_seconds {self.life.born:.3f}", ""]
        return "\n".join(lines)

    def listing(self, address: str, server: str) -> dict[str, object] | None:
        with self.lock:
            now = time.time()
            self.life.advance(now)
            if not self.life.is_listed(now):
                return None
            path = {"__metrics_path__": f"/t/{self.name}/metrics", "__param_instance": self.instance}
            return {"targets": [address], "labels": {"instance": self.instance, "__param_server": server, **path}}


class TargetLab:
    """Serves `/t/<name>/metrics` and `/sd/<job>`; every request names the `server` that asks."""

    def __init__(self, jobs: Mapping[str, Behaviour], targets_per_job: int = 3, seed: int = 11) -> None:
        names = [(job, f"{job}-{number}") for job in jobs for number in range(targets_per_job)]
        self.targets = {name: Target(job, name, jobs[job], seed + 17 * n) for n, (job, name) in enumerate(names)}
        self._http = _Server(("127.0.0.1", 0), _handler(self))
        self.address = f"127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def open(self) -> None:
        now = time.time()
        for target in self.targets.values():
            with target.lock:
                target.life.open(now)

    def close(self) -> None:
        now = time.time()
        for target in self.targets.values():
            with target.lock:
                target.life.close(now)

    def of(self, job: str) -> list[Target]:
        return [target for target in self.targets.values() if target.job == job]

    def answer(self, path: str) -> tuple[int, str, str]:
        parts = urlsplit(path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        match parts.path.strip("/").split("/"):
            case ["t", name, "metrics"] if name in self.targets:
                text = self.targets[name].scrape(asked.get("server", ""), asked.get("instance", name))
                return (500, "text/plain", "") if text is None else (200, "text/plain; version=0.0.4", text)
            case ["sd", job]:
                rows = [target.listing(self.address, asked.get("server", "")) for target in self.of(job)]
                return 200, "application/json", json.dumps([row for row in rows if row])
        return 404, "text/plain", ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: a server that is killed in a scrape leaves a broken pipe."""


def _handler(lab: TargetLab) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, text = lab.answer(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    return Handler
