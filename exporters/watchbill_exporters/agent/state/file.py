"""The state file of the agent exporter."""

from __future__ import annotations

from watchbill_exporters.core.statefile import StateError, StateFormat, save

FORMAT = StateFormat("watchbill-agent-state", 1)
dump, parse, load = FORMAT.dump, FORMAT.parse, FORMAT.load

__all__ = ["StateError", "dump", "load", "parse", "save"]
