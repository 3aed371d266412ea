"""Counters, gauges and histograms in memory: bounded, shared by feeds, any thread may use them."""

from watchbill_exporters.agent.tally.family import Family, Kind
from watchbill_exporters.agent.tally.limits import Allowance, Limits
from watchbill_exporters.agent.tally.store import Tally

__all__ = ["Allowance", "Family", "Kind", "Limits", "Tally"]
