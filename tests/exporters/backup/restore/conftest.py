from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exporters.backup.restore.bench import Bench, benches

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bench() -> Iterator[Bench]:
    yield from benches()
