"""Ids stay with keys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.factories import a_spec, an_slo, planned
from tests.unit.targets.dashboards.boards import drawn
from watchbill.model import Display
from watchbill.targets.dashboards import ids as module
from watchbill.targets.dashboards.ids import LARGEST, ids

if TYPE_CHECKING:
    from watchbill.model import Plan


@given(st.lists(st.text(max_size=9), max_size=60))
def test_each_key_has_an_id_of_its_own_whatever_the_order(keys: list[str]) -> None:
    found = ids(keys)
    assert set(found) == set(keys)
    assert len(set(found.values())) == len(found)
    assert all(1 <= at <= LARGEST for at in found.values())
    assert found == ids(reversed(keys))


def test_keys_that_would_share_an_id_get_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 3)
    assert sorted(ids(["a", "b", "c"]).values()) == [1, 2, 3]


def by_key(plan: Plan) -> dict[str, dict[str, int]]:
    """Ids by board and by the panel's queries, which name it whatever its title."""
    return {
        name: {str([t["expr"] for t in p["targets"]]): p["id"] for p in board["panels"] if p.get("targets")}
        for name, board in drawn(plan).items()
    }


def changed(plan: Plan, *, titles: bool = False, order: bool = False) -> Plan:
    """Return the plan with other titles, or its panels and units the other way round."""
    units = []
    for unit in plan.units:
        shown = unit.show()
        panels = tuple(replace(p, title=f"New {p.title}") for p in shown.panels) if titles else shown.panels
        other = Display(shown.boards, panels[::-1] if order else panels)
        units.append(replace(unit, show=partial(lambda one: one, other)))
    return replace(plan, units=tuple(units[::-1] if order else units))


@pytest.mark.parametrize("change", ["titles", "order"])
def test_ids_and_uids_stay_when_titles_or_order_change(change: str) -> None:
    plan = planned(a_spec(an_slo(), an_slo(name="pages", section="web", title="Pages open")))
    other = changed(plan, titles=change == "titles", order=change == "order")
    assert by_key(plan) == by_key(other)
    assert {n: b["uid"] for n, b in drawn(plan).items()} == {n: b["uid"] for n, b in drawn(other).items()}


def test_ids_stay_when_an_objective_joins() -> None:
    before, after = (drawn(a_spec(*slos)) for slos in ([an_slo()], [an_slo(name="first"), an_slo()]))
    for name, board in before.items():
        assert {p["title"]: p["id"] for p in board["panels"]} == {p["title"]: p["id"] for p in after[name]["panels"]}
