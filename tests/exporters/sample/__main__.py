"""`python -m tests.exporters.sample --config FILE`: the sample exporter as a program."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.exporters.sample import EXPORTER
from watchbill_exporters.cli import command

if __name__ == "__main__":
    command(EXPORTER.name, EXPORTER.about, EXPORTER.port, lambda: EXPORTER)()
