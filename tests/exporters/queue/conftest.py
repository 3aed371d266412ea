from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.exporters.postgres_server import Postgres, program
from tests.exporters.queue.worlds import watched_redis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.redis_server import Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis with the shipped ACL."""
    if shutil.which("redis-server") is None:
        pytest.skip("not available: redis-server is not on PATH")
    with watched_redis(tmp_path / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL for all tests; each makes a database of its own."""
    if program("postgres") is None:
        pytest.skip("not available: PostgreSQL's server is not installed")
    with Postgres() as server:
        yield server
