"""Titles, labels and notes come from anywhere: none becomes markup, and none breaks a page."""

from __future__ import annotations

import pytest

from tests.unit.factories import a_ratio, a_spec, an_slo
from tests.unit.targets.runbooks.site import SITE, parsed, rendered, words
from watchbill.knowledge.links import markdown

TITLES = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\nb\r\n# c", "{{ 7 * 7 }} {% for %} ${x}",
    "\U0001f600 \u202e \x07", "| a | b `c` [d](javascript:e) **f** _g_", "-->", "$zone %24zone", "\\", "a & b &amp; c",
    "- a", "1. b", "+ c", "~~~",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_shown_as_it_is_and_nothing_else(title: str) -> None:
    spec = a_spec(an_slo(title=title, sli=a_ratio(by={"zone": [title]})), owner=title, labels={"env": title})
    files = rendered(spec)
    same = an_slo(title="plain", sli=a_ratio(by={"zone": ["plain"]}))
    plain = rendered(a_spec(same, owner="plain", labels={"env": "plain"}))
    shown = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    for path in (f"{SITE}CallsBudgetBurnFast.html", f"{SITE}CallsSignalMissing.html", f"{SITE}index.html"):
        page = parsed(files[path])
        assert [e.tag for e in page.iter()] == [e.tag for e in parsed(plain[path]).iter()]
        assert shown in words(page)
    for path in ("runbooks/CallsBudgetBurnFast.md", "runbooks/README.md"):
        kinds = [t.type for t in markdown().parse(files[path])]
        assert kinds == [t.type for t in markdown().parse(plain[path])]


def test_html_in_a_note_is_text_and_addresses_that_run_are_none() -> None:
    note = "<b onclick=x>bold</b> <script>alert(1)</script>\n\n<!-- x -->\n\n[go](https://a.example.com/?a=1&b=2)\n"
    page = parsed(rendered(a_spec(), CallsBudgetBurnFast=note)[f"{SITE}CallsBudgetBurnFast.html"])
    (section,) = (e for e in page.iter("section") if e.attrib.get("id") == "notes")
    assert {e.tag for e in section.iter()} == {"section", "h2", "p", "a"}
    assert "<script>alert(1)</script>" in words(section)


def test_a_note_fills_placeholders_in_text_code_and_queries_alike() -> None:
    note = "For {{ title }}: `{{ slo }}`, \ue000p0\ue001.\n\n```promql\ncalls_total{{{ where }}}\n```\n"
    spec = a_spec(an_slo(title="<x>", sli=a_ratio(by=["zone"])), links={"prometheus": "https://p.example.com"})
    files = rendered(spec, CallsBudgetBurnFast=note)
    page = parsed(files[f"{SITE}CallsBudgetBurnFast.html"])
    (section,) = (e for e in page.iter("section") if e.attrib.get("id") == "notes")
    assert words(section) == 'Notes For <x>: calls , \ufffdp0\ufffd. calls_total{job="api",zone="$zone"} Run'
    assert "For \\<x\\>: `calls`" in files["runbooks/CallsBudgetBurnFast.md"]
    assert "g0.expr=calls_total%7Bjob%3D%22api%22%2Czone%3D%22%24zone%22%7D" in files["runbooks/CallsBudgetBurnFast.md"]


def test_links_between_pages_lead_to_the_page_of_the_same_form() -> None:
    files = rendered(a_spec(), CallsBudgetBurnFast="See [x](CallsSignalMissing.md#causes).\n")
    assert 'href="CallsSignalMissing.html#causes"' in files[f"{SITE}CallsBudgetBurnFast.html"]
    assert "(CallsSignalMissing.md#causes)" in files["runbooks/CallsBudgetBurnFast.md"]
