"""A page for every alert and an alert for every page; links that lead somewhere; nothing loaded from elsewhere."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import promql_parser
import pytest

from tests.bundle.specs import SPECS, files_of, plan_of
from tests.unit.factories import a_ratio, a_spec, an_slo
from tests.unit.targets.runbooks.site import SITE, addresses, parsed, rendered, words
from watchbill.conventions import GENERATED_MARK
from watchbill.knowledge import PLACEHOLDERS
from watchbill.targets import runbooks

every_spec = pytest.mark.parametrize("spec", SPECS)
LINKS = {
    "grafana": "https://grafana.example.com/sub",
    "prometheus": "https://prom.example.com",
    "alertmanager": "https://am.example.com",
    "traces": {"kind": "tempo", "url": "https://grafana.example.com/sub", "datasource": "t7"},
}


def pages(spec: str) -> dict[str, str]:
    return {p: t for p, t in files_of(spec).items() if p.startswith("runbooks/")}


@every_spec
def test_every_alert_has_a_page_in_both_forms_and_every_page_an_alert(spec: str) -> None:
    alerts = {a.name for a in plan_of(spec).alerts()}
    expected = {f"{SITE}{a}.html" for a in alerts} | {f"runbooks/{a}.md" for a in alerts}
    assert set(pages(spec)) == expected | {f"{SITE}index.html", "runbooks/README.md"}


@every_spec
def test_every_page_is_valid_html_that_loads_nothing_and_whose_links_resolve(spec: str) -> None:
    found = {p.removeprefix(SITE): parsed(t) for p, t in pages(spec).items() if p.startswith(SITE)}
    ids = {name: {e.attrib["id"] for e in page.iter() if "id" in e.attrib} for name, page in found.items()}
    hosts = {urlsplit(u).netloc for u in vars_of(plan_of(spec).links) if u.startswith("http")}
    for name, page in found.items():
        seen = [e.attrib["id"] for e in page.iter() if "id" in e.attrib]
        assert len(seen) == len(set(seen)), name
        assert not [e for e in page.iter() if e.tag in {"img", "iframe", "object", "embed", "base"}]
        assert not [a for e in page.iter() for a in e.attrib if a.startswith("on")]
        for address in addresses(page):
            parts = urlsplit(address)
            if parts.scheme in {"http", "https"}:
                assert parts.netloc in hosts, (name, address)
            elif parts.scheme != "data":
                assert (parts.path or name) in found, (name, address)
                assert not parts.fragment or parts.fragment in ids[parts.path or name], (name, address)


def vars_of(links: object) -> list[str]:
    return [str(getattr(links, slot)) for slot in type(links).__slots__]  # type: ignore[attr-defined]


@every_spec
def test_the_index_lists_every_page_and_the_markdown_links_lead_somewhere(spec: str) -> None:
    found = pages(spec)
    index = parsed(found[f"{SITE}index.html"])
    alerts = {a.name for a in plan_of(spec).alerts()}
    assert {a for a in addresses(index) if a.endswith(".html")} == {f"{a}.html" for a in alerts}
    for path, text in found.items():
        if path.endswith(".md"):
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                assert "://" in target or f"runbooks/{target}" in found, (path, target)


@every_spec
def test_the_runbook_link_of_every_alert_leads_to_its_page_and_brings_its_labels(spec: str) -> None:
    plan = plan_of(spec)
    for alert in plan.alerts():
        url = urlsplit(dict(alert.annotations).get("runbook_url", ""))
        if plan.links.runbooks:
            assert f"{SITE}{url.path.rsplit('/', 1)[1]}" in pages(spec)
            assert url.query == "&".join(f"{n}={{{{ $labels.{n} | urlquery }}}}" for n in alert.page.group_labels)


@every_spec
def test_every_page_is_marked_as_generated_where_the_writer_looks(spec: str) -> None:
    assert all(GENERATED_MARK in text[:400] for text in pages(spec).values())


@every_spec
def test_every_query_of_every_page_parses_and_no_placeholder_is_left(spec: str) -> None:
    for path, text in pages(spec).items():
        if path.endswith(".md"):
            blocks = re.findall(r"```promql\n(.*?)\n *```", text, re.DOTALL)
            assert len(blocks) > 3 or path.endswith("README.md"), path
            for block in blocks:
                promql_parser.parse(block)
        assert not re.search(rf"\{{\{{ ?({'|'.join(PLACEHOLDERS)}) ?\}}\}}", text), path
        assert "\ue000" not in text


@every_spec
def test_label_values_in_queries_are_those_that_the_alert_carries(spec: str) -> None:
    for alert in plan_of(spec).alerts():
        blocks = re.findall(r"```promql\n(.*?)\n *```", pages(spec)[f"runbooks/{alert.name}.md"], re.DOTALL)
        used = {name for block in blocks for name in re.findall(r'"\$(\w+)"', block)}
        assert used <= set(alert.page.group_labels), alert.name


def test_the_first_screen_has_the_computed_numbers() -> None:
    spec = a_spec(an_slo(objective=99, sli=a_ratio(by=["zone"]), low_traffic={"min_bad_events": 7}), owner="tea team",
                  routing={"receivers": {"page": "phone-tea"}})  # fmt: skip
    seen = words(parsed(rendered(spec)[f"{SITE}CallsBudgetBurnFast.html"]))
    for expected in (
        "Wakes phone-tea page, severity critical; tea team answers",
        "Budget gone in 2d 2h at the pace that fires",
        "In a total outage 7h 12m until the whole budget is gone; this alert fires after 8m 38s of it",
        "Clears within 10m after the errors end: those of the last 5m must be within the objective",
        "Objective 99% of events good over 30d, for each zone",
        "Spent when it fires 2% of the error budget",
        "Burn rate 14.4 times",
        "Errors above 14.4% of the events of 1h at mean traffic",
        "Guard chance below 0.1% and at least 7 errors in 1h",
    ):
        assert expected in seen


def test_time_weighting_clears_by_its_own_threshold() -> None:
    spec = a_spec(an_slo(objective=99, weighting="time", alerting={"keep_firing_for": "3m"}))
    seen = words(parsed(rendered(spec)[f"{SITE}CallsBudgetBurnFast.html"]))
    assert (
        "Clears within 8m after the errors end: those of the last 5m must be below 14.4%, then stay so for 3m" in seen
    )


def test_links_carry_the_group_and_say_how_to_fill_it_in() -> None:
    spec = a_spec(an_slo(sli=a_ratio(by=["zone"])), links=LINKS)
    page = parsed(rendered(spec)[f"{SITE}CallsBudgetBurnFast.html"])
    found = {e.text or "": e for e in page.iter("a") if "data-fill" in e.attrib}
    assert found["Dashboard"].attrib["href"].endswith("/d/wb-shop-slo-calls?from=now-6h&to=now&var-zone=%24zone")
    silence = unquote(found["Silence"].attrib["href"])
    assert silence == (
        'https://am.example.com/#/silences/new?filter={alertname="CallsBudgetBurnFast",watchbill="shop",zone="$zone"}'
    )
    asked = parse_qs(urlsplit(found["Failed traces"].attrib["href"]).query)["panes"][0]
    assert '"datasource":"t7"' in asked
    assert 'resource.service.name = \\"shop\\" && status = error' in asked
    run = parse_qs(urlsplit(found["Run"].attrib["href"]).query)
    promql_parser.parse(run["g0.expr"][0])


def test_latency_looks_for_slow_traces_and_jaeger_is_asked_in_its_own_words() -> None:
    sli = {"kind": "latency", "histogram": 'h_seconds{job="api"}', "within": "250ms", "bounds": [0.25]}
    spec = a_spec(an_slo(sli=sli), links={"traces": {"kind": "jaeger", "url": "https://j.example.com"}})
    page = parsed(rendered(spec)[f"{SITE}CallsBudgetBurnFast.html"])
    (link,) = (e for e in page.iter("a") if e.text == "Slow traces")
    assert link.attrib["href"] == "https://j.example.com/search?service=shop&lookback=1h&limit=20&minDuration=250ms"


def test_without_a_prometheus_page_queries_run_in_explore_and_without_links_nowhere() -> None:
    spec = a_spec(links={"grafana": "https://g.example.com"})
    assert "https://g.example.com/explore?" in rendered(spec)["runbooks/CallsBudgetBurnFast.md"]
    assert "https://" not in rendered(a_spec())["runbooks/CallsSignalMissing.md"].replace("https://YOUR", "")


def test_an_objective_with_a_receiver_of_its_own_says_so() -> None:
    spec = a_spec(an_slo(route="tea"), routing={"receivers": {"page": "phone", "tea": "tea-room"}})
    assert "| Wakes | **tea-room**" in rendered(spec)["runbooks/CallsBudgetBurnFast.md"]


def test_no_objective_gives_an_index_without_pages() -> None:
    files = rendered({**a_spec(), "slos": []})
    assert set(files) == {"runbooks/README.md", f"{SITE}index.html"}
    parsed(files[f"{SITE}index.html"])


def test_three_hundred_objectives_have_all_their_pages() -> None:
    slos = [an_slo(name=f"calls-{n}") for n in range(300)]
    files = rendered(a_spec(*slos))
    own, ours = 6, 3  # each objective's alerts; rules missed, rules failing, targets down
    assert len(files) == 2 * (300 * own + ours) + 2
    assert "calls-299" in files[f"{SITE}Calls299BudgetBurnFast.html"]


def test_an_alert_without_facts_of_its_own_says_when_it_fires_and_clears() -> None:
    from dataclasses import replace  # noqa: PLC0415 - one plan is bent here only

    plan = plan_of("reference")
    unit = plan.units[-1]
    group = unit.files[0].groups[0]
    bare = replace(next(plan.alerts()), name="Watchdog", expr="vector(1)", family="watchdog", keep_firing=0,
                   page=type(next(plan.alerts()).page)())  # fmt: skip
    files = (replace(unit.files[0], groups=(replace(group, rules=(bare,)),)),)
    text = dict(runbooks.render(replace(plan, units=(replace(unit, files=files),))))["runbooks/Watchdog.md"]
    assert "| Fires | **at once** while its condition holds |" in text
    assert "## Mitigate" in text
    assert 'ALERTS{alertname="Watchdog"' in text
