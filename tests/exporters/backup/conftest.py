from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.exporters.backup.postgres_server import Postgres, programs
from tests.exporters.backup.tools import Borg, Restic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"not available: {program} is not on PATH")


@pytest.fixture(scope="session")
def empty_restic(tmp_path_factory: pytest.TempPathFactory) -> Restic:
    """Deriving the key of a new repository takes a second."""
    need("restic")
    return Restic(tmp_path_factory.mktemp("restic")).init()


@pytest.fixture
def restic(empty_restic: Restic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restic:
    monkeypatch.setenv("RESTIC_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(empty_restic.folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("cache"))
    return Restic(tmp_path)


@pytest.fixture
def borg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Borg:
    need("borg")
    monkeypatch.setenv("BORG_BASE_DIR", str(tmp_path / "base"))
    return Borg(tmp_path).init()


def need_postgres() -> None:
    if programs() is None:
        pytest.skip("not available: PostgreSQL's initdb is not installed")


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    need_postgres()
    with Postgres() as server:
        yield server


@pytest.fixture
def archived() -> Iterator[Postgres]:
    need_postgres()
    need("pgbackrest")
    with Postgres(archive=True) as server:
        yield server
