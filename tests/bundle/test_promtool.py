"""The generated tests of every spec pass on every promtool there is, and its lint has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bundle.specs import complaints, written
from lab.toolchain import promtools

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

pytestmark = pytest.mark.timeout(1200)


@pytest.mark.skipif(not promtools(), reason="no promtool is available")
def test_the_reference_bundle_passes_its_own_tests_on_the_oldest(tmp_path: Path) -> None:
    assert complaints(promtools()[0], written("reference", tmp_path)) == []


@pytest.mark.slow
def test_the_reference_bundle_passes_its_own_tests_on_every_version(promtool: Tool, tmp_path: Path) -> None:
    if promtool == promtools()[0]:
        pytest.skip("the oldest is tried above")
    assert complaints(promtool, written("reference", tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["http", "shapes"])
def test_every_shape_of_spec_passes_its_own_tests(spec: str, promtool: Tool, tmp_path: Path) -> None:
    assert complaints(promtool, written(spec, tmp_path)) == []


def test_native_histograms_pass_where_promtool_knows_them(promtool: Tool, tmp_path: Path) -> None:
    if int(promtool.version.split(".", 1)[0]) < 3:
        pytest.skip("native histograms in tests came with promtool 3")
    assert complaints(promtool, written("native", tmp_path)) == []
