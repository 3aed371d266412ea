"""A spec for every code of lint, of the kinds, the fields and the SLO section that triggers it, and a near miss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.factories import a_ratio, a_spec, an_slo

Spec = dict[str, Any]
UP = {"kind": "availability", "gauge": "up"}


@dataclass(frozen=True)
class Case:
    """`at` is the text that stands at the place of the finding."""

    code: str
    about: str
    wrong: Spec
    right: Spec
    at: str
    also: frozenset[str] = field(default=frozenset())


def slo(**changed: Any) -> Spec:
    return a_spec(an_slo(**changed))


def sli(**changed: Any) -> Spec:
    return slo(sli=changed)


def ratio(**changed: Any) -> Spec:
    return slo(sli=a_ratio(**changed))


def prometheus(**changed: Any) -> Spec:
    return a_spec(prometheus={"retention": "95d", **changed})


def tier(**changed: Any) -> Spec:
    own = {"name": "quick", "severity": "page", "budget": "5%", "within": "3h", **changed}
    return slo(alerting={"tiers": [own]})


def composite(*of: Spec, by: Any = (), **second: Any) -> Spec:
    parts = (
        an_slo(name="plain", sli=UP),
        an_slo(name="whole", sli={"kind": "composite", "of": list(of), "by": list(by)}),
    )
    return a_spec(*parts, *([an_slo(**second)] if second else []))


def latency(**changed: Any) -> Spec:
    return sli(**{"kind": "latency", "histogram": 'h_seconds{job="api"}', "within": "250ms", **changed})


def windows(**changed: Any) -> Spec:
    return sli(**{"kind": "windows", "good": "< 7", **changed})


def raw(events: str = "sum(rate(calls_total[{window}]))", **changed: Any) -> Spec:
    return sli(**{"kind": "raw", "events": events, "bad": "sum(rate(bad_total[{window}]))", **changed})


def recovery(**changed: Any) -> Spec:
    own = {"name": "ledger", "source": "ledger", "job": "backup", "repositories": ["near"], "rpo": "3h", **changed}
    return a_spec(recovery=[own])


WEBHOOK = {"webhook": {"url": "https://hooks.example.com/shop"}}
SLACK = {"channel": "#shop", "api_url_file": "/etc/am/slack"}
EVERYBODY = {"page": WEBHOOK, "ticket": WEBHOOK, "watchdog": WEBHOOK}


def receivers(*slos: Spec, without: str = "", targets: Spec | None = None, **changed: Any) -> Spec:
    named = {k: v for k, v in {**EVERYBODY, **changed}.items() if k != without}
    return a_spec(*slos, routing={"receivers": named}, **({"targets": targets} if targets else {}))


def slack(**changed: Any) -> Spec:
    return receivers(page={"slack": {**SLACK, **changed}})


def muted(outside: Any = "Mo-Fr 08:00-18:00", zone: str = "Europe/Berlin") -> Spec:
    return a_spec(routing={"receivers": EVERYBODY, "mute_tickets": {"outside": outside, "zone": zone}})


CASES = [
    Case("WB200", "two objectives of one name", a_spec(an_slo(), an_slo()), a_spec(an_slo(), an_slo(name="x")),
         "calls"),
    Case("WB200", "names that differ by hyphens only", a_spec(an_slo(name="a-b"), an_slo(name="ab")),
         a_spec(an_slo(name="a-b"), an_slo(name="ac")), "ab"),
    Case("WB200", "the name of the bundle's own unit", slo(name="watchbill-health"), slo(name="health"),
         "watchbill-health"),
    Case("WB201", "a component that is not there", composite({"slo": "plan"}), composite({"slo": "plain"}), "plan"),
    Case("WB201", "a component named twice", composite({"slo": "plain"}, {"slo": "plain"}),
         composite({"slo": "plain"}), "plain"),
    Case("WB201", "a composite of a composite", composite({"slo": "plain"}, name="outer",
         sli={"kind": "composite", "of": [{"slo": "whole"}]}), composite({"slo": "plain"}, name="outer",
         sli={"kind": "composite", "of": [{"slo": "plain"}]}), "whole"),
    Case("WB202", "a label its component lacks", composite({"slo": "plain"}, by=["zone"]), composite({"slo": "plain"}),
         "plain"),
    Case("WB203", "a group label that is set on every rule", {**ratio(by=["zone"]), "labels": {"zone": "b7"}},
         {**ratio(by=["zone"]), "labels": {"area": "b7"}}, "zone"),
    Case("WB204", "no objective", {**a_spec(), "slos": []}, a_spec(), "[]"),
    Case("WB210", "a traffic policy by events", slo(on_no_traffic="good"), slo(on_no_traffic="good", weighting="time"),
         "good"),
    Case("WB211", "bad without data, by events", slo(on_no_data="bad"), slo(on_no_data="bad", weighting="time"), "bad"),
    Case("WB211", "bad without data, by groups", slo(on_no_data="bad", sli={**UP, "by": ["zone"]}),
         slo(on_no_data="bad", sli=UP), "bad"),
    Case("WB212", "a native histogram on 2.42", sli(kind="native-latency", histogram="h", within="2s"),
         {**sli(kind="native-latency", histogram="h", within="2s"), "targets": {"prometheus": "3.5"}},
         "native-latency"),
    Case("WB213", "liveness of what has none", ratio(new_series="ignore", liveness="up"), ratio(liveness="up"), "up"),
    Case("WB220", "a tier above 100 % errors", {**tier(within="1h"), "slos": [an_slo(
        objective=60, alerting={"tiers": [{"name": "q", "severity": "page", "budget": "2%", "within": "1h"}]})]},
         tier(within="1h"), "1h"),
    Case("WB221", "a burn rate below 1", tier(within="9d"), tier(within="36h"), "5%"),
    Case("WB222", "a short window under four scrapes", tier(recheck="45s"), tier(recheck="1m"), "45s"),
    Case("WB222", "a query's window under four scrapes", raw(window="59s"), raw(window="60s"), "59s"),
    Case("WB223", "rules that outrun scrapes", prometheus(evaluation_interval="7s"),
         prometheus(evaluation_interval="15s"), "7s"),
    Case("WB224", "a window beyond retention", {**slo(window="28d"), "prometheus": {"retention": "27d"}},
         {**slo(window="28d"), "prometheus": {"retention": "28d"}}, "28d"),
    Case("WB224", "a month has 31 days", {**slo(window="month"), "prometheus": {"retention": "30d"}},
         {**slo(window="month"), "prometheus": {"retention": "31d"}}, "month"),
    Case("WB225", "windows that do not nest", tier(recheck="2h"), tier(recheck="90m"), "3h"),
    Case("WB226", "a bridge under two tiles", prometheus(bridge="59s"), prometheus(bridge="1m"), "59s"),
    Case("WB226", "a timeout over the interval", prometheus(scrape_timeout="16s"), prometheus(scrape_timeout="15s"),
         "16s"),
    Case("WB226", "tiles cut too late", prometheus(settle="61m"), prometheus(settle="60m"), "61m"),
    Case("WB230", "bad events the total leaves out", ratio(total='calls_total{job="api",code!="500"}',
         bad='calls_total{job="api",code="500"}'), ratio(), 'calls_total{job="api",code="500"}'),
    Case("WB230", "all events are bad", ratio(bad='calls_total{job="api"}'), ratio(), 'calls_total{job="api"}'),
    Case("WB231", "matchers that contradict", ratio(bad='calls_total{job="api",code="500",code!~"5.."}'),
         ratio(bad='calls_total{job="api",code="500",code!~"4.."}'), 'calls_total{job="api",code="500",code!~"5.."}'),
    Case("WB232", "a gauge as a counter", ratio(total='calls{job="api"}'), ratio(), 'calls{job="api"}',
         frozenset({"WB230"})),
    Case("WB232", "rate of a gauge", raw("sum(rate(depth[{window}]))"), raw(), "sum(rate(depth[{window}]))"),
    Case("WB233", "a counter as a gauge", windows(gauge="calls_total"), windows(gauge="depth"), "calls_total"),
    Case("WB233", "a counter without rate", raw("sum(calls_total + 0 * increase(x_total[{window}]))"), raw(),
         "sum(calls_total + 0 * increase(x_total[{window}]))"),
    Case("WB234", "a regex that matches everything", ratio(total='calls_total{job="api",zone=~".*"}'),
         ratio(total='calls_total{job="api",zone=~".+"}'), 'calls_total{job="api",zone=~".*"}'),
    Case("WB235", "a value per user", ratio(by=["user_id"]), ratio(by=[{"user_id": ["a", "b"]}]), "user_id"),
    Case("WB236", "every job", ratio(total="calls_total", bad='calls_total{code="500"}'), ratio(), "calls_total"),
    Case("WB237", "sides that share no label", raw("sum(sum by (a) (increase(x_total[{window}])) / "
         "sum by (b) (increase(y_total[{window}])))"), raw("sum(sum by (a) (increase(x_total[{window}])) / "
         "sum by (a) (increase(y_total[{window}])))"), "sum(sum by (a)"),
    Case("WB238", "a histogram of unknown bounds", latency(), latency(bounds=[0.1, 0.25]), "250ms"),
    Case("WB240", "too many samples", prometheus(bridge="70m"), prometheus(bridge="50m"), "calls"),
    Case("WB121", "bad and good", ratio(good='calls_total{job="api",code="200"}'), ratio(), ""),
    Case("WB122", "a threshold that is no bound", latency(bounds=[0.1, 0.2]), latency(bounds=[0.1, 0.25]), ""),
    Case("WB123", "a series of a histogram", latency(histogram='h_seconds_bucket{job="api"}'), latency(), ""),
    Case("WB124", "two sources of a window", windows(gauge="depth", query="sum(x)"), windows(gauge="depth"), ""),
    Case("WB125", "no comparison", windows(gauge="depth", good="7"), windows(gauge="depth", good="<= 7"), ""),
    Case("WB126", "a query that is no PromQL", windows(query="sum(x"), windows(query="sum(x)"), ""),
    Case("WB110", "no unit", slo(window=30), slo(window="30d"), "30"),
    Case("WB111", "no budget", slo(objective=100), slo(objective=99.9999), "100"),
    Case("WB112", "no kebab-case", slo(name="Calls"), slo(name="calls-7"), "Calls"),
    Case("WB113", "a reserved label", a_spec(labels={"slo": "x"}), a_spec(labels={"slot": "x"}), ""),
    Case("WB114", "not positive", composite({"slo": "plain", "weight": 0}), composite({"slo": "plain", "weight": 3}),
         "0"),
    Case(
        "WB116",
        "an address with a password",
        a_spec(links={"grafana": "https://me:secret@grafana.example.com"}),
        a_spec(links={"grafana": "https://grafana.example.com/sub/"}),
        "https://me",
    ),
    Case("WB115", "too old", a_spec(targets={"prometheus": "2.41"}), a_spec(targets={"prometheus": "2.42"}), "2.41"),
    Case("WB120", "no selector", ratio(total="sum(x)"), ratio(), "sum(x)"),
    Case("WB130", "under a day", slo(window="23h"), slo(window="24h"), "23h"),
    Case("WB131", "no time", slo(maintenance=[{"every": "Xx 02:00-03:00"}]),
         slo(maintenance=[{"every": "Sa 02:00-03:00"}]), ""),
    Case("WB160", "a pasted webhook", slack(api_url="https://hooks.slack.com/services/T7/B7/x"), slack(), "https"),
    Case("WB160", "a password in an address", receivers(page={"webhook": {"url": "https://me:pw7@h.example.com/"}}),
         receivers(page={"webhook": {"url": "https://h.example.com/?team=me"}}), "https"),
    Case("WB160", "the key where its file belongs", slack(api_url_file="0123456789abcdef0123456789abcdef"),
         slack(api_url_file="0123456789abcdef0123456789abcdef/key"), "0123"),
    Case("WB160", "a password of the connection", slack(http_config={"basic_auth": {"password": "pw7"}}),
         slack(http_config={"basic_auth": {"password_file": "/etc/am/pw7"}}), "basic_auth"),
    Case("WB161", "a way that lacks its address", receivers(page={"webhook": {"max_alerts": 7}}), receivers(), ""),
    Case("WB161", "no way to reach people", receivers(page={}), receivers(), "{}"),
    Case("WB162", "a template that is not closed", slack(title="{{ .Status"), slack(title="{{ .Status }}"), "{{"),
    Case("WB163", "hours over midnight", muted("Mo-Fr 22:00-06:00"), muted(["Mo-Fr 22:00-24:00", "00:00-06:00"]),
         "Mo-Fr"),
    Case("WB164", "a town that is none", muted(zone="Europe/Berln"), muted(), "Europe/Berln"),
    Case("WB270", "a receiver that is not there", receivers(an_slo(route="clients"), client=WEBHOOK),
         receivers(an_slo(route="client"), client=WEBHOOK), "clients", frozenset({"WB278"})),
    Case("WB271", "nobody is woken", receivers(without="page"), receivers(), "receivers:"),
    Case("WB272", "nobody gets tickets", receivers(without="ticket"), receivers(), "receivers:"),
    Case("WB273", "teams on 0.25", receivers(page={"msteams": {"webhook_url_file": "/etc/am/teams"}}),
         receivers(page={"msteams": {"webhook_url_file": "/etc/am/teams"}}, targets={"alertmanager": "0.27"}),
         "msteams"),
    Case("WB273", "a setting on 0.25", receivers(page={"webhook": {"url_file": "/etc/am/hook"}}),
         receivers(page={"webhook": {"url_file": "/etc/am/hook"}}, targets={"alertmanager": "0.26"}), "url_file"),
    Case("WB274", "a reference named as what is defined", receivers(ticket="watchbill-shop-page"),
         receivers(ticket="watchbill-shop-pages"), "watchbill-shop-page", frozenset({"WB277"})),
    Case("WB275", "one word for two severities", a_spec(routing={"severities": {"page": "bad", "ticket": "bad"}}),
         a_spec(routing={"severities": {"page": "bad", "ticket": "odd"}}), "bad"),
    Case("WB275", "an objective into the dead man's switch", receivers(an_slo(route="watchdog")),
         receivers(an_slo(route="page")), "watchdog"),
    Case("WB276", "nobody watches the watchers", receivers(without="watchdog"), receivers(), "receivers:"),
    Case("WB277", "the host's receiver in the complete file", receivers(ticket="shop-tickets"), receivers(),
         "shop-tickets"),
    Case("WB278", "a receiver that nothing is sent to", receivers(tickets=WEBHOOK), receivers(), "tickets"),
    Case("WB360", "backups as rare as the objective", recovery(backup_every="3h"), recovery(backup_every="2h"), "3h"),
    Case("WB361", "copies that nobody names", recovery(repositories=[]), recovery(), "ledger"),
    Case("WB362", "a ticket after the page", recovery(failing_for="4h"), recovery(failing_for="1h"), "4h"),
    Case("WB362", "a lock for longer than may be lost", recovery(locked_for="5h"), recovery(locked_for="3h"), "5h"),
    Case("WB114", "news of last week", recovery(seen_within="7d"), recovery(seen_within="1h"), "7d"),
    Case("WB114", "half a minute of data", recovery(rpo="30s"), recovery(rpo="3h"), "30s"),
    Case("WB113", "a repository beside repositories", recovery(by=["repository"]), recovery(by=["cluster"]),
         "repository"),
    Case("WB113", "a copy that is named twice", recovery(repositories=["b", "b"]), recovery(repositories=["b", "c"]),
         "b"),
    Case("WB111", "a share without its sign", recovery(shrink=40), recovery(shrink="40%"), "40"),
    Case("WB132", "no share", slo(traffic_collapse="half"), slo(traffic_collapse="50%"), "half"),
]  # fmt: skip
