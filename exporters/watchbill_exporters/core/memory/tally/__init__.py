"""Counters, gauges and histograms in memory: bounded, shared by feeds, any thread may use them."""

from watchbill_exporters.core.memory.tally.family import Family, Kind
from watchbill_exporters.core.memory.tally.limits import Allowance, Limits
from watchbill_exporters.core.memory.tally.store import Tally

__all__ = ["Allowance", "Family", "Kind", "Limits", "Tally"]
