"""The docs are in step with the code, and their links and examples hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT, pages
from watchbill.catalogue import CODES
from watchbill.cli import COMMANDS
from watchbill.lint import lint
from watchbill.load import load_texts

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def _specs() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        found += [(f"{page.relative_to(ROOT)}-{i}", b) for i, b in enumerate(blocks) if b.startswith("watchbill: 1")]
    return found


@pytest.mark.parametrize(("where", "text"), _specs(), ids=[where for where, _ in _specs()])
def test_every_spec_in_the_docs_is_valid(where: str, text: str) -> None:
    assert [p.message for p in lint(load_texts([(where, text)]).document) if p.code.severity == "error"] == []


def test_the_agents_example_is_the_reference_spec() -> None:
    example = ROOT / "generator" / "watchbill" / "examples" / "agents.yaml"
    assert example.read_text(encoding="utf-8") == (ROOT / "watchbill.yaml").read_text(encoding="utf-8")


def test_the_docs_hold_specs_to_copy() -> None:
    assert len(_specs()) >= 5


def test_every_command_and_every_code_is_documented() -> None:
    generated = pages()
    assert all(f"## watchbill {name}\n" in generated["docs/reference/cli.md"] for name in COMMANDS)
    assert all(f"## {code.slug}: " in generated["docs/reference/diagnostics.md"] for code in CODES)
