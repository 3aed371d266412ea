"""The generated tests of every spec pass on every promtool there is, and its lint has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bundle.specs import complaints, written
from tests.toolchain import Tool, promtools

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(1200)


@pytest.mark.parametrize("spec", ["reference", "http"])
def test_the_bundle_passes_its_own_tests(spec: str, promtool: Tool, tmp_path: Path) -> None:
    assert complaints(promtool, written(spec, tmp_path)) == []


def first_and_others() -> list[object]:
    """The oldest promtool proves every shape in each run; the others only when there is time."""
    return [
        pytest.param(tool, id=f"{tool.version}-{tool.leg}", marks=[pytest.mark.slow] if i else [])
        for i, tool in enumerate(promtools())
    ]


@pytest.mark.parametrize("tool", first_and_others())
def test_every_shape_of_spec_passes_its_own_tests(tool: Tool, tmp_path: Path) -> None:
    assert complaints(tool, written("shapes", tmp_path)) == []


def test_native_histograms_pass_where_promtool_knows_them(promtool: Tool, tmp_path: Path) -> None:
    if int(promtool.version.split(".", 1)[0]) < 3:
        pytest.skip("native histograms in tests came with promtool 3")
    assert complaints(promtool, written("native", tmp_path)) == []
