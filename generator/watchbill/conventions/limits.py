"""What the two ends of a limit agree on: the file a harness' limits stand in, and how long one holds unrepeated."""

from __future__ import annotations

from watchbill.durations import MINUTE, SECOND

FILE = "alerts/limits.yaml"
SCHEMA = 1
RECEIVER = "limits"
"""Key of the receiver that gets them: the webhook of `watchbill-exporter limits`."""

GROUP_WAIT, GROUP_INTERVAL, REPEAT = 5 * SECOND, 30 * SECOND, 2 * MINUTE
LEASE = 5 * REPEAT
"""Alertmanager repeats at the first group interval after `REPEAT`: three repeats may be lost before a limit ends."""
