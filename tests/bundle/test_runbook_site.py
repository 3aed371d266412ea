"""The site in a real browser, opened from a file: labels from the address fill queries and links, search finds."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import html5lib
import promql_parser
import pytest

from tests.bundle.specs import written

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync", "--dump-dom",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=2000",
)  # fmt: skip
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written("reference", tmp_path_factory.mktemp("bundle")) / "runbooks" / "site"


def opened(page: Path, query: str, profile: Path) -> Element:
    """Return the document as it stands after its scripts ran."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", f"file://{page}{query}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    tree: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(done.stdout)
    return tree


@pytest.mark.parametrize("value", ["support", 'a "b" \\ <c>', "$agent", "é\U0001f600", "<img src=x onerror=alert(1)>"])
def test_labels_from_the_address_fill_queries_and_links(value: str, site: Path, tmp_path: Path) -> None:
    page = opened(site / "RunSuccessBudgetBurnFast.html", f"?agent={quote(value)}&other=x", tmp_path)
    shown = next(e.text or "" for e in page.iter("code") if (e.text or "").startswith("slo:errors:sum1h"))
    literal = value.replace("\\", "\\\\").replace('"', '\\"')
    assert f'agent="{literal}"' in shown
    promql_parser.parse(shown)
    links = {e.text: e.attrib["href"] for e in reversed(list(page.iter("a"))) if "data-fill" in e.attrib}
    assert parse_qs(urlsplit(links["Dashboard"]).query)["var-agent"] == [value]
    assert f'agent="{literal}"' in parse_qs(urlsplit(links["Run"]).query)["g0.expr"][0]
    assert not list(page.iter("img"))
    assert sum(e.text == "Copy" for e in page.iter("button")) > 10


def test_without_labels_the_placeholders_stay(site: Path, tmp_path: Path) -> None:
    page = opened(site / "RunSuccessBudgetBurnFast.html", "", tmp_path)
    assert any('agent="$agent"' in (e.text or "") for e in page.iter("code"))
    (form,) = (e for e in page.iter("form") if e.attrib.get("id") == "labels")
    assert "hidden" not in form.attrib


def test_the_index_shows_its_search_and_hides_nothing_before_it_is_used(site: Path, tmp_path: Path) -> None:
    page = opened(site / "index.html", "", tmp_path)
    assert [e for e in page.iter("form") if e.attrib.get("id") == "search" and "hidden" not in e.attrib]
    assert not [e for e in page.iter("li") if "hidden" in e.attrib]
