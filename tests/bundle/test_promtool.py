"""The generated tests of every spec pass on every promtool there is, and its lint has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lab.toolchain import promtools
from tests.bundle.specs import complaints, plan_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

pytestmark = pytest.mark.timeout(1200)


BRIEFLY = {
    "reconnects-resume", "sandbox-minutes", "run-queue", "nightly-fan-out", "sandboxes", "checkpoint-store",
    "knowledge-base", "watchbill-health", "watchbill-watch",
}  # fmt: skip
"""One unit of each kind, the cheapest: those of the others take two minutes."""


def units() -> list[object]:
    names = {unit.name for unit in plan_of("reference").units}
    assert names > BRIEFLY
    return [pytest.param(name, marks=() if name in BRIEFLY else pytest.mark.slow) for name in sorted(names)]


@pytest.mark.skipif(not promtools(), reason="no promtool is available")
@pytest.mark.parametrize("unit", units())
def test_a_unit_of_the_reference_bundle_passes_its_own_tests_on_the_oldest(unit: str, tmp_path: Path) -> None:
    assert complaints(promtools()[0], written("reference", tmp_path), unit) == []


@pytest.mark.slow
@pytest.mark.parametrize("newer", promtools()[1:], ids=lambda tool: tool.version)
def test_the_reference_bundle_passes_its_own_tests_on_every_newer_version(newer: Tool, tmp_path: Path) -> None:
    assert complaints(newer, written("reference", tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["http", "shapes"])
def test_every_shape_of_spec_passes_its_own_tests(spec: str, promtool: Tool, tmp_path: Path) -> None:
    assert complaints(promtool, written(spec, tmp_path)) == []


def test_native_histograms_pass_where_promtool_knows_them(promtool: Tool, tmp_path: Path) -> None:
    if int(promtool.version.split(".", 1)[0]) < 3:
        pytest.skip("native histograms in tests came with promtool 3")
    assert complaints(promtool, written("native", tmp_path)) == []
