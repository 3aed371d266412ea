from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.exporters.redis_server import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("watchbill_exporters")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], root.level, ours.level = before


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("not available: redis-server is not on PATH")
    with Redis(tmp_path / "redis") as server:
        yield server
