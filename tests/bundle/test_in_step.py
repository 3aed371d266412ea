"""The committed bundle is what the reference spec says, and any run writes the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT
from tests.bundle.specs import SPECS

if TYPE_CHECKING:
    from pathlib import Path

WATCHBILL = [sys.executable, "-c", "from watchbill.cli import main; main()"]


def run(
    *arguments: str | Path, cwd: Path = ROOT, seed: str = "0", zone: str = "UTC"
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    return subprocess.run(
        [*WATCHBILL, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_committed_bundle_is_in_step_with_the_reference_spec() -> None:
    done = run("generate", "--check", "watchbill.yaml")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("spec", ["reference", "shapes"])
def test_two_runs_write_the_same_bytes_whatever_the_hash_seed_and_the_folder(spec: str, tmp_path: Path) -> None:
    digests = []
    for seed, zone in (("7", "UTC"), ("1234", "Pacific/Kiritimati")):
        out = tmp_path / f"out-{seed}"
        done = run("generate", SPECS[spec], "--out", out, cwd=tmp_path, seed=seed, zone=zone)
        assert done.returncode == 0, done.stderr
        digests.append({str(p.relative_to(out)): digest(p) for p in sorted(out.rglob("*")) if p.is_file()})
    assert len(digests[0]) > 20
    assert digests[0] == digests[1]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
