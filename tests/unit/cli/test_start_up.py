"""Help is quick: no command's library is imported for it."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

HELP = "import sys; from watchbill.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"


def process_time() -> float:
    """Seconds of processor time: the machine may be busy with other tests."""
    import resource  # noqa: PLC0415 - only here

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", HELP], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_takes_under_200_ms() -> None:
    begun = time.monotonic()
    assert median(process_time() for _ in range(5)) < 0.2
    assert time.monotonic() - begun < 30


def test_help_imports_neither_pydantic_nor_yaml_nor_any_command() -> None:
    script = HELP + "print([m for m in sys.modules if m.split('.')[0] in ('pydantic', 'yaml', 'promql_parser')"
    script += " or m.endswith('_command')], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "generate" in done.stdout
