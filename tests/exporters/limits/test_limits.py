"""Alerts in, limits out: what holds, for whom, how long, and what is made of notifications that are wrong."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.limits.world import BEGIN, READER, Service, alert, body, config, stamp
from tests.exporters.pages import value
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.limits import EXPORTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEASE = 600


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path) as one:
        yield one


def count(service: Service, name: str, **labels: str) -> float | None:
    return value(service.page(), f"agent_harness_{name}", **labels)


def test_an_alert_makes_its_limit_hold_for_its_agent_until_it_ends(service: Service) -> None:
    assert service.actions() == {}
    assert service.tell(alert("spend-pace")).json() == {"alerts": 1, "begun": 1, "refused": {}}
    assert service.actions() == {"tool_calls_per_run": 25, "min_pause_seconds": 0.5}
    assert service.actions("/limits/agent-2") == {}
    assert count(service, "limits_active", limit="spend-pace") == 1

    service.time.pass_by(60)
    assert service.tell(alert("spend-pace", ended=BEGIN + 55)).json() == {"alerts": 1, "lifted": 1, "refused": {}}
    assert service.actions() == {}
    assert count(service, "limits_active", limit="spend-pace") == 0
    assert count(service, "limits_lifted_total", limit="spend-pace") == 1


def test_an_answer_says_why_and_until_when(service: Service) -> None:
    service.tell(alert("spend-pace"))
    answer = service.ask().json()
    assert answer["for"] == {"agent": "agent-1"}
    assert answer["expires"] == stamp(BEGIN + LEASE)
    assert answer["why"]["tool_calls_per_run"] == {"limit": "spend-pace", "rule": "smallest"}
    [limit] = answer["limits"]
    assert (limit["of"], limit["when"], limit["group"]) == (
        {"budget": "model-spend"},
        "pace > 150%",
        {"agent": "agent-1"},
    )


def test_of_several_limits_the_strictest_value_of_each_action_holds(service: Service) -> None:
    service.tell(alert("spend-most"), alert("spend-pace"), alert("spend-all"))
    expected = {"tool_calls_per_run": 10, "min_pause_seconds": 2, "route_model": "tiny", "pause_schedules": True}
    assert service.actions() == expected
    assert service.actions("/limits/agent-2") == {"pause_schedules": True, "route_model": "tiny"}
    assert service.actions("/limits") == {"pause_schedules": True, "route_model": "tiny"}


def test_a_limit_for_an_agent_and_a_tenant_holds_for_both_only(service: Service) -> None:
    service.tell(alert("spend-tenant"))
    whole = service.ask().json()
    assert whole["actions"] == {}
    assert [one["group"] for one in whole["narrower"]] == [{"agent": "agent-1", "tenant": "tenant-1"}]
    assert service.actions("/limits/agent-1?tenant=tenant-1") == {"tool_calls_per_run": 3}
    assert service.actions("/limits/agent-1?tenant=tenant-2") == {}
    assert service.actions("/limits/agent-2?tenant=tenant-1") == {}


def test_a_harness_that_has_the_answer_is_told_its_new_expiry_only(service: Service) -> None:
    service.tell(alert("spend-pace"))
    first = service.ask()
    service.time.pass_by(120)
    service.tell(alert("spend-pace"))
    again = service.ask(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert parsedate_to_datetime(again.headers["Expires"]).timestamp() == BEGIN + 120 + LEASE
    assert again.headers["ETag"] == first.headers["ETag"]
    service.tell(alert("spend-most"))
    assert service.ask(**{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert count(service, "queries_total", code="304") == 1
    assert count(service, "queries_total", code="200") == 2


def test_an_agent_whose_name_has_a_slash_is_asked_for_by_parameter(service: Service) -> None:
    service.tell(alert("spend-pace", labels={"agent": "a/b é"}))
    assert service.actions("/limits?agent=a%2Fb%20%C3%A9")["tool_calls_per_run"] == 25
    assert service.ask("/limits/a/b").status_code == 404


def test_a_limit_that_nobody_renews_runs_out_and_repeats_renew_it(service: Service) -> None:
    service.tell(alert("spend-pace"))
    service.time.pass_by(LEASE - 1)
    assert service.tell(alert("spend-pace")).json()["renewed"] == 1
    service.time.pass_by(LEASE - 1)
    assert service.actions()
    service.time.pass_by(1)
    assert service.actions() == {}
    assert count(service, "limits_expired_total", limit="spend-pace") == 1
    assert count(service, "limits_renewed_total", limit="spend-pace") == 1


def test_an_end_that_is_told_twice_is_no_fault(service: Service) -> None:
    service.tell(alert("spend-pace"))
    for _ in range(2):
        assert service.tell(alert("spend-pace", ended=BEGIN + 1)).json()["refused"] == {}
    assert count(service, "limits_lifted_total", limit="spend-pace") == 1


def test_a_beginning_that_comes_after_its_end_is_stale_for_a_while_and_not_for_ever(service: Service) -> None:
    service.tell(alert("spend-pace"))
    service.tell(alert("spend-pace", ended=BEGIN + 30))
    assert service.tell(alert("spend-pace")).json()["refused"] == {"stale": 1}
    assert service.actions() == {}
    service.time.pass_by(121)  # Alertmanager lost sight of it, and sees it again since it began
    assert service.tell(alert("spend-pace")).json()["begun"] == 1


def test_an_alert_that_fires_anew_holds_and_the_end_of_the_one_before_does_not_lift_it(
    service: Service,
) -> None:
    service.tell(alert("spend-pace"))
    service.tell(alert("spend-pace", ended=BEGIN + 30))
    assert service.tell(alert("spend-pace", started=BEGIN + 40)).json()["begun"] == 1
    assert service.tell(alert("spend-pace", ended=BEGIN + 30)).json()["refused"] == {"stale": 1}
    assert service.actions()
    assert service.tell(alert("spend-pace", started=BEGIN + 40, ended=BEGIN + 50)).json()["lifted"] == 1


def test_an_end_of_an_alert_that_two_servers_saw_begin_at_different_times_lifts_it(service: Service) -> None:
    service.tell(alert("spend-pace", started=BEGIN + 9))
    service.tell(alert("spend-pace", started=BEGIN))
    assert service.tell(alert("spend-pace", started=BEGIN, ended=BEGIN + 60)).json()["lifted"] == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (alert("spend-pace", labels={"harness_limit": "spend-gone"}), "unknown"),
        (alert("spend-pace", labels={"harness_limit": None}), "unknown"),
        (alert("spend-pace", labels={"alertname": "ModelSpendMost"}), "unknown"),
        (alert("spend-pace", labels={"watchbill": "other"}), "service"),
        (alert("spend-pace", labels={"agent": None}), "group"),
        (alert("spend-pace", labels={"agent": ""}), "group"),
    ],
)
def test_an_alert_that_switches_nothing_is_refused_and_the_others_are_not(
    wrong: dict[str, Any], reason: str, service: Service
) -> None:
    answer = service.tell(wrong, alert("spend-all"))
    assert answer.status_code == 200
    assert answer.json() == {"alerts": 2, "begun": 1, "refused": {reason: 1}}
    assert service.actions("/limits") == {"pause_schedules": True, "route_model": "tiny"}
    assert count(service, "alerts_refused_total", reason=reason) == 1


def test_a_limit_holds_for_so_many_groups_and_no_more(tmp_path: Path) -> None:
    with Service(tmp_path, changed={"most_groups": 2}) as service:
        answer = service.tell(*(alert("spend-pace", labels={"agent": f"agent-{i}"}) for i in range(5)))
        assert answer.json() == {"alerts": 5, "begun": 2, "refused": {"full": 3}}
        assert service.tell(alert("spend-pace", labels={"agent": "agent-1"})).json()["renewed"] == 1


WRONG: list[tuple[bytes, str]] = [
    (b"", "body"),
    (b"\xff\xfe", "body"),
    (b"[" * 100_000, "body"),
    (b"[]", "body"),
    (b'{"version": "4"}', "body"),
    (body(version="3"), "version"),
    (body(alerts=[7]), "body"),
    (body(alerts=[{**alert("spend-pace"), "status": "off"}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "status": []}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "labels": {"a": 1}}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "startsAt": "yesterday"}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "startsAt": "2026-01-01T00:00:00"}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "startsAt": None}]), "body"),
    (body(alerts=[{**alert("spend-pace"), "endsAt": 7}]), "body"),
]


@pytest.mark.parametrize(("data", "fault"), WRONG)
def test_a_body_that_is_none_is_refused_as_a_whole_and_says_what_is_wrong(
    data: bytes, fault: str, service: Service
) -> None:
    answer = service.tell(data=data)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert count(service, "webhook_faults_total", fault=fault) == 1
    assert service.tell(alert("spend-pace")).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "told-by-alertmanage"])
def test_only_alertmanager_may_tell(token: str, service: Service) -> None:
    assert service.tell(alert("spend-pace"), token=token).status_code == 401
    assert service.actions() == {}


def test_a_token_of_harnesses_is_asked_for_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "reader").write_text(READER)
    with Service(tmp_path, changed={"reader_token_file": "reader"}) as service:
        assert service.ask().status_code == 401
        assert service.ask(Authorization=f"Bearer {READER}").status_code == 200
        assert service.tell(alert("spend-pace"), token=READER).status_code == 401


def test_a_sender_whose_clock_is_ahead_is_heard_and_counted_and_leases_run_by_ours(service: Service) -> None:
    service.tell(alert("spend-pace", started=BEGIN + 86_400))
    assert service.ask().json()["expires"] == stamp(BEGIN + LEASE)
    assert count(service, "webhook_faults_total", fault="clock") == 1
    assert service.tell(alert("spend-pace", started=BEGIN + 86_400, ended=BEGIN + 86_460)).json()["lifted"] == 1


def test_a_clock_that_is_set_back_makes_no_lease_longer(service: Service) -> None:
    service.tell(alert("spend-pace"))
    service.time.pass_by(-86_400)
    assert service.ask().json()["expires"] == stamp(BEGIN - 86_400 + LEASE)


def test_what_holds_is_there_after_a_restart_and_runs_out_meanwhile(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        service.tell(alert("spend-pace"), alert("spend-all"))
        service.tell(alert("spend-all", ended=BEGIN + 1))
        time = service.time
    time.pass_by(300)
    with Service(tmp_path, time=time) as service:
        assert service.actions() == {"tool_calls_per_run": 25, "min_pause_seconds": 0.5}
        assert service.tell(alert("spend-all")).json()["refused"] == {}
    time.pass_by(LEASE)
    with Service(tmp_path, time=time) as service:
        assert service.actions() == {}
        assert count(service, "limits_expired_total", limit="spend-pace") == 1


def test_a_state_that_is_damaged_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_bytes(b'{"format":"watchbill-limits-state"')
    with Service(tmp_path) as service:
        assert service.actions() == {}
        assert service.tell(alert("spend-pace")).status_code == 200
    assert (tmp_path / "state.json.damaged").exists()


def test_a_state_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    head = {"format": "watchbill-limits-state", "version": 2, "bytes": 2, "sha256": ""}
    (tmp_path / "state.json").write_bytes(json.dumps(head).encode() + b"\n{}")
    with pytest.raises(ConfigError, match="newer version"):
        Runtime(EXPORTER, config(tmp_path))
    assert (tmp_path / "state.json").read_bytes().endswith(b"{}")


def test_a_state_that_cannot_be_written_is_answered_503_and_the_limit_holds_all_the_same(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        (tmp_path / "state.json.tmp").mkdir()  # where the draft would go: root may write anywhere
        answer = service.tell(alert("spend-pace"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "cannot be written" in answer.json()["error"]
        assert service.actions()
        assert count(service, "webhook_faults_total", fault="state") == 1
        (tmp_path / "state.json.tmp").rmdir()
        assert service.tell(alert("spend-pace")).status_code == 200
        time = service.time
    with Service(tmp_path, time=time) as service:
        assert service.actions()


def test_two_services_on_one_state_are_one_too_many(tmp_path: Path) -> None:
    with Service(tmp_path), pytest.raises(Exception, match="in use by another exporter"), Service(tmp_path):
        pass


def test_a_reload_takes_the_file_anew_and_limits_it_has_no_more_end(service: Service) -> None:
    service.tell(alert("spend-pace"), alert("spend-all"))
    file = service.folder / "limits.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("pace > 150%", "pace > 170%").replace("spend-all", "spend-whole"), "utf-8")
    service.runtime.reload()
    answer = service.ask().json()
    assert [one["when"] for one in answer["limits"]] == ["pace > 170%"]
    file.write_text("schema: 9\n", "utf-8")
    with pytest.raises(ConfigError, match=r"limits\.yaml:1"):
        service.runtime.reload()
    assert service.actions() == {"tool_calls_per_run": 25, "min_pause_seconds": 0.5}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("id: spend-most", "id: spend-pace"), "there twice"),
        (("  route_model: last\n", ""), "not under 'merge'"),
        (("schema: 1", "schema: 2"), "schema"),
        (("tool_calls_per_run: 25", "tool_calls_per_run: [1]"), "tool_calls_per_run"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    own = config(tmp_path)
    file = tmp_path / "limits.yaml"
    text = file.read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change), "utf-8")
    with pytest.raises(ConfigError, match=words):
        Runtime(EXPORTER, own)


def test_a_question_of_too_much_is_answered_400(service: Service) -> None:
    assert service.ask(f"/limits/{'x' * 300}").status_code == 400
    assert service.ask("/limits?" + "&".join(f"l{i}=x" for i in range(17))).status_code == 400
