"""A small exporter on the frame: Redis INFO is read, lines are pushed. The example of docs/recipes/add-a-source.md."""

from __future__ import annotations

from tests.exporters.sample.lines import LINES
from tests.exporters.sample.redis_info import REDIS_INFO
from watchbill_exporters.core.contract import Exporter

EXPORTER = Exporter(
    name="sample",
    prefix="sample",
    about="Redis INFO, and lines that are posted.",
    port=9999,
    sources=(REDIS_INFO,),
    feeds=(LINES,),
    facts=frozenset({"sample_last_save_timestamp_seconds"}),
)
