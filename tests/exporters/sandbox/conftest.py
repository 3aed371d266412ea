from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exporters.sandbox.back_ends import Docker, Runc, absent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    if reason := absent("dockerd", "docker", "busybox"):
        pytest.skip(reason)
    with Docker(tmp_path_factory.mktemp("docker")) as running:
        yield running


@pytest.fixture
def docker(daemon: Docker) -> Iterator[Docker]:
    yield daemon
    if left := daemon("ps", "-aq").split():
        daemon("rm", "-f", *left, check=False)


@pytest.fixture
def runc(tmp_path: Path) -> Iterator[Runc]:
    if reason := absent("runc", "busybox"):
        pytest.skip(reason)
    found = Runc(tmp_path / "runc")
    yield found
    found.close()
