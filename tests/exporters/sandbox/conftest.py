from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exporters.sandbox.back_ends import Docker, Engine, Podman, Runc, absent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=[Docker, Podman])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    kind: type[Docker | Podman] = request.param
    needed = ("dockerd", "docker") if kind is Docker else ("podman", "runc")
    if reason := absent(*needed, "busybox"):
        pytest.skip(reason)
    with kind(tmp_path_factory.mktemp("engine")) as running:
        yield running


@pytest.fixture
def engine(server: Engine) -> Iterator[Engine]:
    yield server
    server.remove_all()


@pytest.fixture
def runc(tmp_path: Path) -> Iterator[Runc]:
    if reason := absent("runc", "busybox"):
        pytest.skip(reason)
    found = Runc(tmp_path / "runc")
    yield found
    found.close()
