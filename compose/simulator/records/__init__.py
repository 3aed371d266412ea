"""What is written down beside the runs: evaluations, experiments, incidents, releases."""

from compose.simulator.records.theme import Records

__all__ = ["Records"]
