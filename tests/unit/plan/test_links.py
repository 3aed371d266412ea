"""Links on alerts: they lead where the spec says, and Prometheus takes none of them for a template."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from tests.unit.factories import a_ratio, a_spec, an_slo, planned

GRAFANA = "https://grafana.example.com/sub"


def annotated(alert: str, **links: object) -> dict[str, str]:
    plan = planned(a_spec(an_slo(sli=a_ratio(by=["zone"])), links=links))
    return next(dict(a.annotations) for a in plan.alerts() if a.name == alert)


def test_tempo_is_searched_through_grafana_for_the_services_failed_traces() -> None:
    url = annotated("CallsBudgetBurnFast", traces={"kind": "tempo", "url": GRAFANA, "datasource": "t7"})["trace_url"]
    assert url.startswith(f"{GRAFANA}/explore?")
    assert "{" not in url
    [pane] = json.loads(parse_qs(urlsplit(url).query)["panes"][0]).values()
    [query] = pane["queries"]
    assert (pane["datasource"], query["datasource"]["uid"]) == ("t7", "t7")
    assert query["query"] == '{ resource.service.name = "shop" && status = error }'


def test_jaeger_is_searched_for_the_services_failed_traces() -> None:
    url = annotated("CallsSignalMissing", traces={"kind": "jaeger", "url": "https://j.example.com"})["trace_url"]
    found = parse_qs(urlsplit(url).query)
    assert (found["service"], json.loads(found["tags"][0])) == (["shop"], {"error": "true"})


def test_what_nobody_gave_and_what_has_no_traces_is_not_linked() -> None:
    assert "trace_url" not in annotated("CallsBudgetBurnFast")
    tempo = {"kind": "tempo", "url": GRAFANA}
    assert "trace_url" not in annotated("ShopRuleEvaluationMissed", traces=tempo)
    assert "trace_url" not in annotated("ShopTargetsDown", traces=tempo)
