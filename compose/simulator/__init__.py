"""A simulated agent platform that drives the real things: spans, streams, evaluations, queues, sandboxes, backups.

`python -m compose.simulator --config simulator.yaml`. One package a theme; each says how it behaves (`conduct.py`) and
what can go wrong with it (`faults.py`).
"""
