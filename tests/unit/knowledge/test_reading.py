"""Notes become topics: front matter, sections, what replaces what, and which text an alert's page has."""

from __future__ import annotations

import pytest

from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from watchbill.knowledge import HEADINGS, library, pieces
from watchbill.knowledge.placeholders import filled
from watchbill.knowledge.queries import promql_blocks
from watchbill.knowledge.reading import read
from watchbill.model import Alert, Note


def alert(name: str = "CallsBudgetBurnFast", **slo: object) -> Alert:
    return next(a for a in planned(a_spec(an_slo(**slo))).alerts() if a.name == name)


def shown(one: Alert, *notes: Note) -> dict[str, list[str]]:
    found, _ = library(notes)
    return {heading: [s.file for s in sections] for heading, sections in found.sections(one, one.page.make())}


def test_a_file_has_front_matter_a_lead_and_sections_with_the_lines_they_stand_on() -> None:
    text = (
        "---\ntitle: Tea\nmetrics: [tea_*, 'pots']\norder: 7\n---\nlead\n\n## mitigate ##\n\n\nfirst\n```\n## no\n```\n"
    )
    topic, problems = read(Note("tea", "tea.md", text))
    assert problems == []
    assert (topic.title, topic.metrics, topic.order) == ("Tea", ("tea_*", "pots"), 7)
    assert topic.lead is not None
    assert (topic.lead.text, topic.lead.line) == ("lead", 6)
    assert [(s.heading, s.line, s.text) for s in topic.sections] == [("Mitigate", 11, "first\n```\n## no\n```")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system_are_read(end: str) -> None:
    topic, _ = read(Note("tea", "tea.md", end.join(["## Causes", "", "a", "b", ""])))
    assert [s.text for s in topic.sections] == ["a\nb"]


def test_the_spec_names_a_topic_or_the_metrics_find_one_or_the_family_has_its_own() -> None:
    streams = {"total": 'agent_streams_total{job="a"}', "bad": 'agent_streams_total{job="a",outcome="stalled"}'}
    assert shown(alert(runbook="tool-failures"))["Mitigate"] == ["tool-failures.md"]
    assert shown(alert(sli=a_ratio(**streams)))["Mitigate"] == ["stalled-streams.md"]
    assert shown(alert())["Mitigate"] == ["budget-burn.md"]


def test_a_burn_page_adds_what_holds_for_every_burn_and_other_families_keep_to_themselves() -> None:
    assert shown(alert(runbook="tool-failures"))["Escalate"] == ["tool-failures.md", "budget-burn.md"]
    assert set(map(tuple, shown(alert("CallsSignalMissing")).values())) == {("signal-missing.md",)}


def test_a_note_replaces_sections_of_a_packaged_topic_and_leaves_the_others() -> None:
    note = Note("tool-failures", "mine.md", "## Mitigate\n\nCall Ann.\n")
    found = shown(alert(runbook="tool-failures"), note)
    assert (found["Mitigate"], found["Causes"]) == (["mine.md"], ["tool-failures.md"])


def test_a_note_of_an_alert_replaces_sections_of_its_page_only() -> None:
    note = Note("CallsBudgetBurnFast", "mine.md", "Call Ann.\n\n## Escalate\n\nCall Bob.\n")
    assert shown(alert(), note)["Escalate"] == ["mine.md"]
    assert shown(alert("CallsBudgetBurnSlow"), note)["Escalate"] == ["budget-burn.md"]


def test_a_new_topic_is_found_by_its_metrics_in_the_order_it_asks_for() -> None:
    body = "".join(f"## {h}\n\nx\n\n" for h in HEADINGS)
    notes = (Note("first", "1.md", f"---\nmetrics: calls_*\norder: 7\n---\n{body}"),
             Note("second", "2.md", f"---\nmetrics: calls_total\norder: 3\n---\n{body}"))  # fmt: skip
    assert shown(alert(), *notes)["Causes"] == ["2.md"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m{{{ where }}}", 'm{a="7"}'),
        ('m{x="1",{{ scope }}}', 'm{x="1"}'),
        ("{{where}} {{  where  }}", 'a="7" a="7"'),
        ('{{ "{{" }} $labels.x }}', "{{ $labels.x }}"),
        ('{"a":{"b":{}}}', '{"a":{"b":{}}}'),
        ("{{ nobody }}", "{{ nobody }}"),
    ],
)  # fmt: skip
def test_placeholders_are_filled(text: str, expected: str) -> None:
    assert filled(text, {"where": 'a="7"'}) == expected
    assert pieces(text).broken == ()


def test_queries_are_found_in_lists_and_out_of_them() -> None:
    text = "```promql\nup\n```\n1. x\n\n   ```promql\n   a\n   + b\n   ```\n\n~~~ promql\nc\n~~~\n```sh\nno\n```\n"
    found = list(promql_blocks(text))
    assert [q for _, q in found] == ["up", "a\n   + b", "c"]
    assert all(text[at:].startswith(q) for at, q in found)
