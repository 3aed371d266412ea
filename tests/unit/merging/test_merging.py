"""Merging into configurations that belong to others: every other byte stays, every other alert keeps its receiver."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.unit.amtool import complaint, misrouted
from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from tests.unit.merging.hosts import COMPANY, INDENTLESS, JSON_LIKE, MINIMAL, REAL, styled
from tests.unit.routetree.generated import a_config
from watchbill.load.host import HostError, parse, tree
from watchbill.merging import merged, removed
from watchbill.merging.changes import changes, strangers
from watchbill.routetree import Matcher, Node, receivers
from watchbill.targets.routes.checks import expected
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool
    from watchbill.model import Plan

PAGE = {"webhook": {"url": "https://hooks.example.com/page"}, "pagerduty": {"routing_key_file": "/etc/am/pd"}}


def a_plan(service: str = "shop", **routing: Any) -> Plan:
    receivers_ = {"page": PAGE, "ticket": "shop-tickets", **routing.pop("receivers", {})}
    hours = {"outside": "Mo-Fr 08:00-18:00", "zone": "Europe/Berlin"}
    slos = [an_slo(sli=a_ratio(by=["zone"])), an_slo(name="resumes", route="page")]
    return planned(a_spec(*slos, service=service, routing={"receivers": receivers_, "mute_tickets": hours, **routing}))


PLAN = a_plan()
TREES, PARTS = 240, 4


def only_added(old: str, new: str) -> bool:
    """Whether every line of the old text is in the new one, in order, byte for byte."""
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return not [line for line in difflib.ndiff(a, b) if line.startswith("- ")]


def holds(plan: Plan, old: str) -> str:
    new = merged(plan, "host.yml", old).text
    assert only_added(old, new)
    assert merged(plan, "host.yml", new).text == new
    assert merged(plan, "host.yml", new).changes == ()
    assert removed(plan, "host.yml", new).text == old
    before, after = tree(parse("host.yml", old)), tree(parse("host.yml", new))
    for labels in strangers(before, plan.service):
        assert receivers(before, labels) == receivers(after, labels)
    for _, labels in label_sets(plan):
        wanted = expected(plan, labels)
        assert receivers(after, labels) == (wanted or before.receiver,)
        odd = {**labels, "severity": "unheard-of", "slo": ""}
        assert receivers(after, odd) == (before.receiver,)
    return new


@pytest.mark.parametrize("name", REAL)
def test_real_world_files_keep_every_other_byte_and_come_back(name: str) -> None:
    new = holds(PLAN, REAL[name])
    assert ("\r\n" in new) is ("\r\n" in REAL[name])
    assert not ("\r\n" in new and "\n" in new.replace("\r\n", ""))


@pytest.mark.parametrize("name", REAL)
def test_real_world_files_load_and_route_on_every_version(name: str, amtool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "alertmanager.yml"
    path.write_bytes(merged(PLAN, "host.yml", REAL[name]).text.encode())
    assert complaint(amtool, path) == ""
    default = tree(parse("host", REAL[name])).receiver
    wanted = [(labels, (expected(PLAN, labels) or default,)) for _, labels in label_sets(PLAN)]
    assert misrouted(amtool, path, wanted) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_generated_trees_keep_every_other_byte_and_every_other_receiver(part: int) -> None:
    outcomes = {"merged": 0, "refused": 0}
    plan = planned(a_spec(routing={"receivers": {"page": PAGE, "ticket": "shop-tickets"}}))
    for seed in range(part, TREES * 2, PARTS):
        old = styled(seed)
        try:
            holds(plan, old)
        except HostError as refused:
            assert "flow style" in str(refused), old  # noqa: PT017 - both ends are counted
            outcomes["refused"] += 1
        else:
            outcomes["merged"] += 1
        if outcomes["merged"] == TREES // PARTS:
            break
    assert outcomes["merged"] == TREES // PARTS, outcomes
    assert outcomes["refused"] > 0


def test_generated_trees_load_on_amtool_after_merging(amtool: Tool, tmp_path: Path) -> None:
    wrong = []
    for seed in range(0, 120, 5):
        path = tmp_path / f"{seed}.yml"
        try:
            path.write_bytes(merged(PLAN, "host.yml", styled(seed)).text.encode())
        except HostError:
            continue
        root = tree(parse("host", path.read_bytes().decode()))
        theirs = [labels for labels in strangers(root, "shop") if labels][:7]
        wanted = [(labels, receivers(root, labels)) for labels in theirs]
        wrong += misrouted(amtool, path, wanted)
    assert wrong == []


def test_the_changes_are_every_label_set_of_ours_that_goes_elsewhere() -> None:
    found = merged(PLAN, "host.yml", COMPANY)
    assert {dict(c.labels)["alertname"] for c in found.changes} == {a.name for a in PLAN.alerts()}
    fast = next(c for c in found.changes if dict(c.labels)["alertname"] == "CallsBudgetBurnFast")
    assert (fast.before, fast.after) == (("pager",), ("watchbill-shop-page",))


def test_two_services_share_a_file_and_leave_it_one_by_one() -> None:
    other = a_plan("bar")
    one = merged(PLAN, "host.yml", INDENTLESS).text
    both = merged(other, "host.yml", one).text
    assert merged(PLAN, "host.yml", both).text != ""
    assert removed(other, "host.yml", both).text == one
    alone = removed(PLAN, "host.yml", both).text
    assert "watchbill shop" not in alone
    assert alone.count("BEGIN watchbill bar") == both.count("BEGIN watchbill bar")
    assert removed(other, "host.yml", alone).text == INDENTLESS


def test_a_changed_spec_replaces_its_blocks_and_nothing_else() -> None:
    new = merged(PLAN, "host.yml", COMPANY).text
    later = a_plan(receivers={"watchdog": "default"})
    again = merged(later, "host.yml", new)
    assert [dict(c.labels)["alertname"] for c in again.changes] == []
    assert "ShopWatchdog" in again.text
    assert removed(later, "host.yml", again.text).text == COMPANY


def test_a_receiver_that_moves_is_told() -> None:
    new = merged(PLAN, "host.yml", COMPANY).text
    again = merged(a_plan(receivers={"ticket": "web"}), "host.yml", new)
    assert again.changes
    assert {(c.before, c.after) for c in again.changes} == {(("shop-tickets",), ("web",))}


REFUSED = {
    "a flow-style file": (JSON_LIKE, 1, "flow style"),
    "a flow-style route": (
        "route: {receiver: default}\nreceivers:\n- name: default\n- name: shop-tickets\n", 1,
        "flow style",
    ),
    "flow-style receivers it must insert into": (MINIMAL, 3, "flow style"),
    "an empty flow-style list": (INDENTLESS.replace("inhibit_rules:", "inhibit_rules: []"), 10, "flow style"),
    "an anchor on the routes": (COMPANY.replace("  routes:\n", "  routes: &all\n", 1), 16, "anchor"),
    "an anchor on the route": (COMPANY.replace("route:\n", "route: &root\n"), 12, "anchor"),
    "an alias for the receivers": (
        "x: &r\n- name: shop-tickets\nroute:\n  receiver: shop-tickets\nreceivers: *r\n", 5, "alias of line 1",
    ),
    "keys from an anchor": (
        "x: &b\n  group_wait: 7s\nroute:\n  <<: *b\n  receiver: shop-tickets\nreceivers:\n- name: shop-tickets\n", 4,
        "takes keys from an anchor",
    ),
    "a key given twice": (INDENTLESS + "route:\n  receiver: x\n", 11, "given twice, first on line 1"),
    "a receiver of our name": (
        INDENTLESS.replace("- name: default\n", "- name: default\n- name: watchbill-shop-page\n"), 9, "already has",
    ),
    "hours of our name": (
        INDENTLESS + "time_intervals:\n- name: watchbill-shop-working-hours\n  time_intervals: []\n", 12, "already has",
    ),
    "a route that is for us already": (INDENTLESS.replace("a=b", "watchbill=shop"), 4, "would never match again"),
    "a receiver that is not there": (
        INDENTLESS.replace("shop-tickets", "shop-tickts"), 7, "did you mean 'shop-tickts'",
    ),
    "what includes other files": (INDENTLESS + "x: !include more.yml\n", 11, "!include"),
    "a template of some other tool": ("{{- if .x }}\n" + INDENTLESS + "{{- end }}\n", 1, "not YAML"),
    "two documents": (INDENTLESS + "---\nroute: {}\n", 12, "second YAML document"),
    "no route": ("receivers:\n- name: default\n", 1, "no `route:`"),
    "a list": ("- a\n", 1, "no Alertmanager configuration"),
    "old line breaks": (INDENTLESS.replace("\n", "\r"), 1, "count differently"),
    "matchers nobody can read": (INDENTLESS.replace("a=b", "a b"), 4, "matchers of this route"),
    "a block without its end": (INDENTLESS + "# BEGIN watchbill shop\n", 11, "no END line"),
    "a block without its beginning": ("# END watchbill shop\n" + INDENTLESS, 1, "without having begun"),
    "a marker inside a text": (
        COMPANY.replace("          # not a comment", "          # BEGIN watchbill shop\n          # not"), 50,
        "inside a text",
    ),
    "a list at the very end of the file": (INDENTLESS.rstrip("\n"), 10, "the file ends on this line"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_safely_is_refused_with_line_and_reason(name: str) -> None:
    text, line, reason = REFUSED[name]
    with pytest.raises(HostError) as caught:
        merged(PLAN, "host.yml", text)
    assert str(caught.value).startswith(f"host.yml:{line}: "), caught.value
    assert reason in str(caught.value)


def test_a_spec_without_receivers_has_nothing_to_merge() -> None:
    with pytest.raises(HostError, match="names no receivers"):
        merged(planned(a_spec()), "host.yml", COMPANY)


def test_removing_what_is_not_there_changes_nothing() -> None:
    assert removed(PLAN, "host.yml", COMPANY).text == COMPANY


def test_a_route_that_takes_others_alerts_is_noticed_for_each_tree_it_could_do_so_in() -> None:
    noticed = 0
    for seed in range(40):
        old = tree(parse("host", yaml.safe_dump(a_config(seed))))
        greedy = Node("greedy", (Matcher("severity", "=~", "critical|warning|info|none"),))
        new = replace(old, routes=(greedy, *old.routes))
        found = changes(old, new, strangers(old, "shop"))
        assert all(c.after == ("greedy",) for c in found)
        noticed += bool(found)
    assert noticed > 10
