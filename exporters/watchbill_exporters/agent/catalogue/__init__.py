"""Every family of the agent exporter, in the order of the page."""

from watchbill_exporters.agent.catalogue import calls, intake, operations, quality, records, runs, streams
from watchbill_exporters.core.memory.catalogue import Catalogue

OWN = (
    *runs.FAMILIES,
    *calls.FAMILIES,
    *streams.FAMILIES,
    *quality.FAMILIES,
    *operations.FAMILIES,
    *intake.FAMILIES,
    *records.FAMILIES,
)

CATALOGUE = Catalogue.of("agent", OWN, records.INPUTS, kept=frozenset({quality.EVAL_LAST_RUN.name}))
FAMILIES = CATALOGUE.families
