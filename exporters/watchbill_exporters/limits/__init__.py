"""Limits: what alerts tell harnesses to do, kept and told to whoever asks."""

from __future__ import annotations

from watchbill_exporters.core.contract import Exporter
from watchbill_exporters.limits.catalogue import PREFIX
from watchbill_exporters.limits.source import LimitsSource

EXPORTER = Exporter(
    name="limits",
    prefix=PREFIX,
    about="Which limits hold for which agents, as alerts say; and what it was told.",
    port=9640,
    feeds=(LimitsSource(),),
)
