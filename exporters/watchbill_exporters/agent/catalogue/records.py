"""What the exporter says of the files it reads and the state it keeps."""

from watchbill_exporters.core.memory.tally.family import counter, gauge

INPUTS = ("streams", "evaluations", "experiments", "incidents", "releases")

STREAMS_EVICTED = counter(
    "agent_exporter_streams_evicted_total", "Open streams that were given up, because too many were open."
)
LEDGER_ITEMS = gauge("agent_exporter_ledger_items", "Incidents the ledger holds.")
MANIFEST_FAULTS = gauge("agent_exporter_manifest_faults", "What is wrong with a manifest of a release.", "manifest")

FAMILIES = (STREAMS_EVICTED, LEDGER_ITEMS, MANIFEST_FAULTS)
