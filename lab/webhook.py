"""A webhook on the loopback that keeps what it is told, and when."""

import json
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from lab.serving import Serving


@dataclass(frozen=True)
class Told:
    path: str
    at: float
    body: dict[str, Any]


class Webhook(Serving):
    def __init__(self) -> None:
        self.told: list[Told] = []
        told = self.told

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.append(Told(self.path, time.time(), json.loads(body)))
                self.send_response(200)
                self.end_headers()

        super().__init__(Handler)

    def at(self, path: str) -> list[Told]:
        return [one for one in self.told if one.path == path]
