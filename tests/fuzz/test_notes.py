"""Any knowledge folder whatsoever: diagnostics that have a place, or a bundle whose pages are whole."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.factories import a_ratio, a_spec, an_slo, text
from watchbill.diagnostics import Severity
from watchbill.errors import SpecError
from watchbill.knowledge import HEADINGS, PLACEHOLDERS
from watchbill.knowledge.library import packaged
from watchbill.lint import lint
from watchbill.load import Loaded, load
from watchbill.plan import build
from watchbill.targets import runbooks

pytestmark = pytest.mark.timeout(1200)
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
both: list[object] = [pytest.param(quick, id="quick"), pytest.param(long, id="long", marks=pytest.mark.slow)]

NAMES = [*packaged(), "coffee", "CallsBudgetBurnFast", "CallsSignalMissing", "Gone", "a b", "é", "-", "$zone"]
SCRAPS = [
    *(f"## {h}\n" for h in HEADINGS), *(f"{{{{ {p} }}}}" for p in PLACEHOLDERS), "## ", "# x\n", "### y\n", "---\n",
    "title: x\n", "metrics: calls_*\n", "families: [budget-burn, '*']\n", "adds: causes\n", "order: 1\n", "order: x\n",
    "```promql\n", "```sh\n", "```\n", "~~~\n", "   ", "1. ", "- ", "> ", "\n", "\n\n", "\r", "\t", "up", "sum(", "{",
    "}",
    "{{", "}}", "{%", "{#", '{{ "{{" }}', "$zone", '"$zone"', "`", "|a|b|\n|-|-|\n", "[x](CallsSignalMissing.md)",
    "[x](y.md#z)", "![i](j)", "<https://a.example.com>", "[r]: javascript:x\n", "<script>", "<!--", "&amp;", "\\",
    "\ue000p0\ue001", "\x00", "\u2028", "\U0001f600", "é",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(SCRAPS), max_size=25).map("".join) | st.text(max_size=80)
BYTES = TEXTS.map(lambda t: t.encode("utf-8", "replace")) | st.binary(max_size=40)
FOLDERS = st.dictionaries(st.sampled_from(NAMES), BYTES, max_size=4)


@pytest.mark.parametrize("size", both)
def test_any_notes_are_refused_or_written(size: settings) -> None:
    seen = set()
    spec = a_spec(an_slo(sli=a_ratio(by=["zone"])), knowledge="notes", links={"prometheus": "https://p.example.com"})

    @given(FOLDERS)
    def try_one(files: dict[str, bytes]) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "notes").mkdir()
            (folder / "spec.yaml").write_text(text(spec), encoding="utf-8")
            for note, data in files.items():
                (folder / "notes" / f"{note}.md").write_bytes(data)
            seen.add(outcome(folder / "spec.yaml"))

    size(try_one)()
    assert seen == {"refused", "written"}


def outcome(spec: Path) -> str:
    """Return "refused" or "written"; whatever is neither is an error of ours."""
    loaded: Loaded | None = None
    try:
        loaded = load([spec])
        found = loaded.diagnose(lint(loaded.document, loaded.notes))
    except SpecError as exc:
        found = list(exc.diagnostics)
    for one in found:
        assert min(one.line, one.column) >= 1, one
        assert one.message.strip(), one
        assert one.hint.strip(), one
        assert len(one.message) < 1000, one
        assert one.line_form().count("\n") == 0, one
        assert one.text(), one
    if loaded is None or any(d.severity is Severity.ERROR for d in found):
        return "refused"
    for path, page in runbooks.render(build(loaded.document, loaded.notes)):
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(page)
        assert page.encode()
    return "written"
