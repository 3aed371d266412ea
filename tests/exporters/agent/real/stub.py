"""A model behind as much of OpenAI's API as the client needs. Every call takes 1301 tokens and gives 107."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from lab.serving import Serving

MODEL = "gpt-4o-mini-2024-07-18"
USAGE = {
    "prompt_tokens": 1301,
    "completion_tokens": 107,
    "total_tokens": 1408,
    "prompt_tokens_details": {"cached_tokens": 512},
    "completion_tokens_details": {"reasoning_tokens": 31},
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["model"] == "broken":
            self._answer(500, "application/json", json.dumps({"error": {"message": "no"}}).encode())
        elif asked.get("stream"):
            events = [*(_chunk({"content": word}) for word in ("all", "is", "well")), {**_chunk({}), "usage": USAGE}]
            text = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
            self._answer(200, "text/event-stream", text.encode())
        else:
            message = {"role": "assistant", "content": "all is well"}
            whole = _body("chat.completion", {"message": message, "finish_reason": "stop"})
            self._answer(200, "application/json", json.dumps({**whole, "usage": USAGE}).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _body(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "c1", "object": kind, "created": 1, "model": MODEL, "choices": [{"index": 0, **choice}]}


def _chunk(delta: dict[str, Any]) -> dict[str, Any]:
    return _body("chat.completion.chunk", {"delta": delta, "finish_reason": None})


class ModelStub(Serving):
    def __init__(self) -> None:
        super().__init__(_Handler)
        self.url = f"http://127.0.0.1:{self.port}/v1"
