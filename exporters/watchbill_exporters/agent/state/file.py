"""The state file of the agent exporter."""

from __future__ import annotations

from watchbill_exporters.core.statefile import HINT, Layout, StateError, save

FORMAT, VERSION = "watchbill-agent-state", 1
LAYOUT = Layout(FORMAT, VERSION)
dump, parse, load = LAYOUT.dump, LAYOUT.parse, LAYOUT.load

__all__ = ["FORMAT", "HINT", "VERSION", "StateError", "dump", "load", "parse", "save"]
