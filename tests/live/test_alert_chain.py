"""The whole chain: rules in Prometheus, our alertmanager.yml in Alertmanager, and a webhook that gets the page."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from lab.history import add_history
from lab.process import wait_until
from lab.product import planned, rule_texts
from lab.prometheus import Prometheus
from lab.real_world import config, legs, tool
from lab.services import Alertmanager
from lab.toolchain import Tool, matrix
from lab.webhook import Webhook
from tests.bundle.specs import files_of, plan_of
from watchbill import conventions
from watchbill.routetree import quieted_by
from watchbill.targets import routes, runbooks
from watchbill.targets.routes.checks import quiet_rules
from watchbill.targets.routes.labelsets import label_sets

SPEC = Path(__file__).resolve().parents[1] / "specs" / "alert-chain.yaml"
PATIENCE = 60
WITHIN = 40
"""Ten seconds of `group_wait` and a busy machine; less than the minute after which a group is told again."""
LEFT = 'slo:error_budget_remaining:ratio{service="chain",slo="requests"}'
LEGS = [
    pytest.param(entry.leg, marks=() if entry.leg in legs() else pytest.mark.skip(reason=f"{entry}: tools missing"))
    for entry in matrix("prometheus")
]


@dataclass(frozen=True)
class Chain:
    server: Prometheus
    alertmanager: Alertmanager
    webhook: Webhook

    def alert(self, name: str) -> dict[str, Any] | None:
        return next((a for a in self.alertmanager.alerts() if a["labels"]["alertname"] == name), None)

    def fail(self) -> None:
        requests.get(f"{self.server.url}/api/v1/query", params={"query": "("}, timeout=5)

    def firing(self, name: str) -> bool:
        return any(a["labels"]["alertname"] == name and a["state"] == "firing" for a in self.server.alerts())


@contextmanager
def chained(folder: Path, leg: str) -> Iterator[Chain]:
    with Webhook() as webhook:
        spec = SPEC.read_text(encoding="utf-8").replace("PORT", str(webhook.port))
        files = {path.rsplit("/", 1)[1]: text for path, text in routes.render(planned(spec))}
        with Alertmanager(tool("alertmanager", leg).path, folder / "alertmanager", files) as alertmanager:
            flags = ("--rules.alert.resend-delay=1s",)
            server = Prometheus(tool("prometheus", leg).path, folder, config({}, alertmanager), flags=flags)
            own = server.url.removeprefix("http://")
            server.write_config(config({"prometheus": own}, alertmanager))
            server.write_rule_texts(rule_texts(spec))
            now = time.time()
            past = [(LEFT, 0.375, now - ago) for ago in range(600, 0, -30)]
            add_history(tool("promtool", leg).path, folder / "data", past)
            with server:
                yield Chain(server, alertmanager, webhook)


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("leg", LEGS)
def test_the_page_arrives_with_its_links_and_the_ticket_is_kept_quiet(leg: str, tmp_path: Path) -> None:
    page, ticket = "RequestsBudgetBurnQuick", "RequestsBudgetBurnSlow"
    with chained(tmp_path, leg) as chain:
        wait_until(lambda: chain.server.query("count_over_time(slo:events:increase2s[1m])"), PATIENCE)
        begun, fired_at = time.time(), 0.0
        source = target = None

        def both_there() -> bool:
            nonlocal fired_at, source, target
            chain.fail()
            if not fired_at and chain.firing(page):
                fired_at = time.time()
            source, target = (chain.alert(name) for name in (page, ticket))  # neither stays once nothing fails
            return bool(chain.webhook.at("/page") and source and target and target["status"]["inhibitedBy"])

        assert wait_until(both_there, PATIENCE), chain.server.alerts()
        told = chain.webhook.at("/page")[0]
        print(f"{leg}: fired {fired_at - begun:.1f} s after the first error, the page {told.at - fired_at:.1f} s later")
        assert told.at - fired_at < WITHIN
        [alert] = [a for a in told.body["alerts"] if a["labels"]["alertname"] == page]
        assert told.body["receiver"] == "watchbill-chain-page"
        annotations = alert["annotations"]
        base, path = annotations["runbook_url"].rsplit("/", 1)
        assert base == "https://runbooks.example.com/chain"
        assert f"{conventions.RUNBOOKS_FOLDER}/site/{path}" in dict(runbooks.render(planned(SPEC.read_text("utf-8"))))
        uid = conventions.dashboard_uid("chain", conventions.objective_board("requests"))
        assert annotations["dashboard_url"].startswith(f"https://grafana.example.com/d/{uid}?")
        assert annotations["trace_url"].startswith("https://jaeger.example.com/search?service=chain")
        assert annotations["budget_left"] == "37.5%"
        assert source is not None
        assert target is not None
        assert target["status"]["inhibitedBy"] == [source["fingerprint"]]
        assert source["status"]["inhibitedBy"] == []
        assert wait_until(lambda: chain.webhook.at("/watchdog"), PATIENCE)
        assert chain.webhook.at("/ticket") == []


def is_so(server: Alertmanager, expected: dict[tuple[tuple[str, str], ...], bool]) -> bool:
    return kept_quiet(server) == expected


def kept_quiet(server: Alertmanager) -> dict[tuple[tuple[str, str], ...], bool]:
    return {tuple(sorted(a["labels"].items())): bool(a["status"]["inhibitedBy"]) for a in server.alerts()}


@pytest.mark.parametrize("spec", ["reference", "shapes"])
def test_a_real_alertmanager_keeps_quiet_what_the_evaluator_says(spec: str, alertmanager: Tool, tmp_path: Path) -> None:
    plan = plan_of(spec)
    rules = quiet_rules(plan)
    sets = [labels for example in ("1", "2") for _, labels in label_sets(plan, example)]
    sets = [dict(pairs) for pairs in dict.fromkeys(tuple(sorted(s.items())) for s in sets)]
    folder = f"{conventions.ROUTES_FOLDER}/"
    files = {p.removeprefix(folder): text for p, text in files_of(spec).items() if p.startswith(folder)}
    rounds = {
        "everything": sets,
        "no targets down": [s for s in sets if "TargetsDown" not in s["alertname"]],
        "burning only": [s for s in sets if "tier" in s],
    }
    for name, firing in rounds.items():
        with Alertmanager(alertmanager.path, tmp_path / name.replace(" ", "-"), files) as server:
            expected = {tuple(sorted(t.items())): any(quieted_by(rules, s, t) for s in firing) for t in firing}
            server.fire(firing)
            # its inhibitor hears of alerts a moment after they are listed
            assert wait_until(partial(is_so, server, expected), PATIENCE), kept_quiet(server)
            time.sleep(0.5)
            assert kept_quiet(server) == expected
        assert set(expected.values()) == {True, False}
