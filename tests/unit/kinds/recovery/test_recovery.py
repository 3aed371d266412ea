"""What a recovery item comes to: which alerts, how loud, at which bounds, and which of them keeps which quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.factories import a_spec, loaded, planned
from watchbill.durations import DAY, HOUR, MINUTE
from watchbill.kinds.recovery import Recovery
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import quiet_rules

if TYPE_CHECKING:
    from watchbill.model import Alert

ALL = {
    "RecoveryPointLate", "BackupSkipped", "BackupFailing", "RepositoryLocked", "BackupMissing", "BackupShrunken",
    "RepositoryCheckOverdue", "NeverRestored", "RestoreTestOverdue", "RestoreTestFailing", "RestoreMismatch",
    "RestoreTooSlow", "RestoreLosesTooMuch",
}  # fmt: skip
WHOLE = {"rto": "20m", "backup_every": "1h"}


def an_item(**changed: Any) -> dict[str, Any]:
    return {"name": "ledger", "source": "books", "repositories": ["near", "far"], "rpo": "3h", **changed}


def item(**changed: Any) -> Recovery:
    found = loaded(a_spec(recovery=[an_item(**changed)])).document.recovery[0]
    assert isinstance(found, Recovery)
    return found


def alerts(**changed: Any) -> dict[str, Alert]:
    plan = planned(a_spec(recovery=[an_item(**changed)]))
    return {a.name.removeprefix("Ledger"): a for a in plan.alerts() if a.name.startswith("Ledger")}


@pytest.mark.parametrize(
    ("rpo", "failing", "locked", "news"),
    [
        ("10m", 5 * MINUTE, 10 * MINUTE, 30 * MINUTE),
        ("1h", 15 * MINUTE, HOUR, 30 * MINUTE),
        ("3h", 45 * MINUTE, 2 * HOUR, 90 * MINUTE),
        ("26h", 390 * MINUTE, 2 * HOUR, 6 * HOUR),
        ("30d", 12 * HOUR, 2 * HOUR, 6 * HOUR),
    ],
)
def test_what_is_left_out_follows_from_the_rpo(rpo: str, failing: int, locked: int, news: int) -> None:
    found = item(rpo=rpo)
    assert (found.failing_after, found.locked_at_most, found.news_within) == (failing, locked, news)
    assert (found.checked_every, found.restored_every) == (30 * DAY, 30 * DAY)


def test_a_whole_promise_has_every_alert_and_only_data_at_risk_wakes_anybody() -> None:
    found = alerts(**WHOLE)
    assert set(found) == ALL
    loud = {name for name, alert in found.items() if dict(alert.labels)["severity"] == "critical"}
    assert loud == {"RecoveryPointLate", "RestoreMismatch"}


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({"rto": None}, {"RestoreTooSlow"}),
        ({"backup_every": None}, {"BackupSkipped"}),
        ({"backup_every": "2h"}, {"BackupSkipped"}),  # 1.5 times that is the RPO: the page is there
        ({"shrink": "off"}, {"BackupShrunken"}),
        ({"check_every": "off"}, {"RepositoryCheckOverdue"}),
        ({"on_no_data": "ignore"}, {"BackupMissing"}),
        ({"restore_test_every": "off"}, {name for name in ALL if "Restore" in name}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_is_not_asked_for_does_not_alert(changed: dict[str, Any], gone: set[str]) -> None:
    given = {k: v for k, v in {**WHOLE, **changed}.items() if v is not None}
    assert set(alerts(**given)) == ALL - gone


def test_selectors_of_ones_own_are_read_as_they_are_written() -> None:
    found = alerts(metrics={"last_attempt": 'ok{kind="wal"}'})
    plan = planned(a_spec(recovery=[an_item(metrics={"last_attempt": 'ok{kind="wal"}'})]))
    rules = {r.record: r.expr for u in plan.units for f in u.files for r in f.records()}
    assert rules["recovery:attempt:success"] == 'max by (repository) (ok{kind="wal"})'
    assert 'backup_last_size_bytes{source="books",repository=~"near|far"}' in rules["recovery:size:bytes"]
    assert "BackupFailing" in found


def test_the_page_keeps_tickets_of_its_copy_quiet_and_a_cause_what_follows_from_it() -> None:
    plan = planned(a_spec(recovery=[an_item(**WHOLE)]))
    rules = quiet_rules(plan)
    by_name = {a.name: {"alertname": a.name, **dict(a.labels)} for a in plan.alerts()}

    def quiet(source: str, target: str, copy: str = "near", other: str = "near") -> bool:
        one, two = by_name[f"Ledger{source}"], by_name[f"Ledger{target}"]
        return quieted_by(rules, {**one, "repository": copy}, {**two, "repository": other})

    assert quiet("RecoveryPointLate", "BackupFailing")
    assert not quiet("RecoveryPointLate", "BackupFailing", other="far")
    assert quiet("BackupFailing", "BackupSkipped")
    assert quiet("RepositoryLocked", "BackupSkipped")
    assert not quiet("BackupSkipped", "BackupFailing")
    assert not quiet("BackupSkipped", "RecoveryPointLate")


def test_a_lock_is_told_after_most_of_its_looks_and_not_before() -> None:
    expr = alerts(locked_for="1h")["RepositoryLocked"].expr
    assert expr.endswith(">= 96")  # 80 % of the 120 rule intervals of half a minute


def test_a_job_that_feeds_it_is_watched_as_loudly_as_it_alerts() -> None:
    plan = planned(a_spec(recovery=[an_item(job="backup")]))
    assert any('up{job="backup"}' in a.expr and dict(a.labels)["severity"] == "critical" for a in plan.alerts())


def test_a_page_tells_the_promise_the_bounds_and_the_copies() -> None:
    page = alerts(**WHOLE)["RecoveryPointLate"].page
    facts = {fact.name: fact.value for fact in page.make().facts}
    assert facts == {"Fires": "above 3h", "RPO": "3h", "RTO": "20m", "Copies": "near, far", "Clears": "at once"}
    assert page.group_labels == ("repository",)
