"""Every family of the agent exporter, in the order of the page."""

from watchbill_exporters.agent.catalogue import calls, intake, operations, quality, records, runs, streams

FAMILIES = (
    *runs.FAMILIES,
    *calls.FAMILIES,
    *streams.FAMILIES,
    *quality.FAMILIES,
    *operations.FAMILIES,
    *intake.FAMILIES,
    *records.FAMILIES,
)
