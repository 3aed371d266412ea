"""`python -m tests.exporters.agent --config FILE`: the agent exporter as a program."""

from watchbill_exporters.agent import EXPORTER
from watchbill_exporters.cli import command

if __name__ == "__main__":
    command(EXPORTER.name, EXPORTER.about, EXPORTER.port, lambda: EXPORTER)()
