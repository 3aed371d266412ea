"""Streams to users."""

from watchbill_exporters.agent.catalogue.bounds import D
from watchbill_exporters.core.memory.tally.family import counter, gauge, histogram

OUTCOMES = ("completed", "client_closed", "stalled", "error", "truncated")
PHASES = ("first_event", "mid_stream")
CURSORS = ("present", "missing", "unknown", "expired")
RESULTS = ("resumed", "gap", "full_replay", "rejected")

FIRST_EVENT = histogram("agent_stream_first_event_seconds", "From the request to the first event.", D, "agent")
MAX_GAP = histogram("agent_stream_max_gap_seconds", "The longest time without an event in one stream.", D, "agent")
STREAMS = counter("agent_streams_total", "Streams that ended.", "agent", outcome=OUTCOMES)
STALLS = counter("agent_stream_stalls_total", "Times a stream stood still.", "agent", phase=PHASES)
RECONNECTS = counter("agent_stream_reconnects_total", "Reconnects of clients.", cursor=CURSORS, result=RESULTS)
ACTIVE = gauge("agent_streams_active", "Streams under way.", "agent")

FAMILIES = (FIRST_EVENT, MAX_GAP, STREAMS, STALLS, RECONNECTS, ACTIVE)
