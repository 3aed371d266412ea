"""As users get it: a wheel in an environment of its own, far from the checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT, promtools

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def ran(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the installed commands."""
    folder = tmp_path_factory.mktemp("wheel")
    quiet = ("-q", "--disable-pip-version-check")
    ran(sys.executable, "-m", "pip", "wheel", *quiet, "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    venv.create(folder / "env", with_pip=True)
    (wheel,) = folder.glob("watchbill-*.whl")
    pip = (folder / "env" / "bin" / "python", "-m", "pip", "install", *quiet)
    ran(*pip, "--constraint", ROOT / "constraints.txt", wheel, cwd=folder)
    return folder / "env" / "bin"


@pytest.mark.parametrize("example", ["http", "agents"])
def test_an_installed_watchbill_writes_and_proves_its_examples(installed: Path, tmp_path: Path, example: str) -> None:
    """The tests of agents are run elsewhere: its bundle is, byte for byte, the committed one."""
    ran(installed / "watchbill", "init", "--example", example, cwd=tmp_path)
    ran(installed / "watchbill", "check", cwd=tmp_path)
    ran(installed / "watchbill", "generate", cwd=tmp_path)
    ran(installed / "watchbill", "generate", "--check", cwd=tmp_path)
    if example == "agents":
        assert (tmp_path / "watchbill.yaml").read_bytes() == (ROOT / "watchbill.yaml").read_bytes()
        return
    for promtool in promtools()[:1]:
        assert ", 0 failed" in ran(installed / "watchbill", "test", "--promtool", promtool.path, cwd=tmp_path)


def test_an_installed_bundle_of_the_reference_spec_is_the_committed_one(installed: Path, tmp_path: Path) -> None:
    ran(installed / "watchbill", "generate", ROOT / "watchbill.yaml", "--out", tmp_path, cwd=tmp_path)
    written = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert written
    assert {path: (ROOT / path).read_bytes() for path in written} == written


def test_the_exporters_command_is_installed_too(installed: Path, tmp_path: Path) -> None:
    assert "watchbill-exporter" in ran(installed / "watchbill-exporter", "--help", cwd=tmp_path)
