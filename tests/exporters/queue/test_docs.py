"""What the recipe shows is true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT
from tests.exporters.queue.worlds import GRANTS
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.queue import EXPORTER
from watchbill_exporters.queue.dbos.config import NEWEST
from watchbill_exporters.queue.naming import MOST
from watchbill_exporters.queue.sql.rows import QUEUE_COLUMNS, SCHEDULE_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = (ROOT / "docs/recipes/queues.md").read_text(encoding="utf-8")
CONFIGS = re.findall(r"```yaml\n(.*?)```", RECIPE, re.DOTALL)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda text: text.split("kind: ")[1].split()[0].strip(","))
def test_a_config_of_the_recipe_is_taken(config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RABBIT_PASSWORD", "odd-one-3313")
    for name in ("redis.password", "postgres.password", "ca.pem"):
        (tmp_path / name).write_text("odd-one-3313\n", encoding="utf-8")
    file = tmp_path / "queue.yaml"
    file.write_text(config, encoding="utf-8")
    assert settings(EXPORTER, file).targets


@pytest.mark.parametrize("grant", [path.name for path in GRANTS.iterdir()])
def test_the_rights_shown_are_those_that_are_shipped(grant: str) -> None:
    assert (GRANTS / grant).read_text("utf-8") in RECIPE


def test_every_kind_is_in_the_table() -> None:
    table = RECIPE.split("| kind | jobs |")[1].split("\n\n")[0]
    kinds = {source.kind for source in EXPORTER.sources}
    assert {word for row in table.split("\n")[2:] for word in re.findall(r"`(\w+)`", row.split("|")[1])} == kinds


def test_every_column_is_listed_and_defaults_are_those_of_the_code() -> None:
    table = RECIPE.split("| columns | |")[1].split("\n\n")[0]
    assert {*QUEUE_COLUMNS, *SCHEDULE_COLUMNS} <= set(re.findall(r"`(\w+)`", table))
    assert f"`most_queues:` ({MOST})" in RECIPE
    assert f"({NEWEST}) are known" in RECIPE
