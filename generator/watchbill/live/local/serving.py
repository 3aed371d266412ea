"""A Prometheus that only answers: what is in its folder, by the rules of nobody."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from watchbill.live.local.process import free_port, running
from watchbill.live.local.servers import prometheus
from watchbill.live.prometheus import Prometheus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchbill.live.local.servers import Tools


@contextmanager
def serving(folder: Path, tools: Tools) -> Iterator[Prometheus]:
    """Serve the blocks of a folder."""
    (folder / "prometheus.yml").write_text(json.dumps({}), encoding="utf-8")
    port = free_port()
    with running("prometheus", prometheus(tools, port), folder, port) as site:
        yield Prometheus(site)
