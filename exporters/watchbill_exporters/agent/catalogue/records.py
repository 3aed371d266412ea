"""What the exporter says of the files it reads and the state it keeps."""

from watchbill_exporters.agent.tally.family import counter, gauge

INPUTS = ("streams", "evaluations", "experiments", "incidents", "releases")
REASONS = ("too_long", "not_json", "wrong_shape", "out_of_place", "failed")
EVENTS = ("renamed", "truncated", "unreadable", "too_many")

LINES = counter("agent_exporter_lines_total", "Lines of files that were counted.", input=INPUTS)
LINES_REFUSED = counter(
    "agent_exporter_lines_refused_total", "Lines of files that were not.", input=INPUTS, reason=REASONS
)
FILE_EVENTS = counter(
    "agent_exporter_file_events_total", "What happened to the files that are followed.", input=INPUTS, event=EVENTS
)
FILES = gauge("agent_exporter_files", "Files that are followed.", input=INPUTS)
UNREAD = gauge("agent_exporter_unread_bytes", "Bytes in these files that were not read yet.", input=INPUTS)
STATE_WRITES = counter("agent_exporter_state_writes_total", "Attempts to write the state.", result=("ok", "error"))
STATE_TIME = gauge("agent_exporter_state_last_success_timestamp_seconds", "When the state was last written.")
STREAMS_EVICTED = counter(
    "agent_exporter_streams_evicted_total", "Open streams that were given up, because too many were open."
)
LEDGER_ITEMS = gauge("agent_exporter_ledger_items", "Incidents the ledger holds.")
MANIFEST_FAULTS = gauge("agent_exporter_manifest_faults", "What is wrong with a manifest of a release.", "manifest")

FAMILIES = (
    LINES,
    LINES_REFUSED,
    FILE_EVENTS,
    FILES,
    UNREAD,
    STATE_WRITES,
    STATE_TIME,
    STREAMS_EVICTED,
    LEDGER_ITEMS,
    MANIFEST_FAULTS,
)
