"""Runs the command line in this process."""

from __future__ import annotations

import pytest

from lab.toolchain import ROOT
from watchbill.cli import main

HTTP = ROOT / "generator" / "watchbill" / "examples" / "http.yaml"
Shown = pytest.CaptureFixture[str]


def run(capsys: Shown, *arguments: str) -> tuple[int, str, str]:
    """Return the exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    shown = capsys.readouterr()
    code = caught.value.code
    return code if isinstance(code, int) else 0, shown.out, shown.err
