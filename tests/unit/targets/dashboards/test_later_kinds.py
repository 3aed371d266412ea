"""What a kind that does not exist yet needs to do: bring panels and a board. And what no longer belongs goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.factories import a_spec, an_slo, planned
from tests.unit.targets.dashboards.boards import drawn, shown
from watchbill import conventions
from watchbill.kinds import boards
from watchbill.model import Display, Form, Measure, Panel, Query, Row, State, Threshold, Unit, Variable
from watchbill.output import Rendered, write
from watchbill.targets import dashboards

if TYPE_CHECKING:
    from pathlib import Path

SPENT = Panel(
    key="spent",
    title="Spent today",
    about="Dollars since midnight.",
    form=Form.BARS,
    row=Row.VERDICT,
    boards=(conventions.OVERVIEW, conventions.section_board("budgets")),
    queries=(Query("usd", 'sum by (team) (spent_usd{team=~"$team"})', "{{team}}"),),
    measure=Measure.USD,
    thresholds=(Threshold(None, State.GOOD), Threshold(70, State.BAD)),
)


def budgets(*teams: str) -> Unit:
    variables = tuple(Variable(team, "spent_usd") for team in teams)
    board = boards.section("shop", "budgets", variables)
    shown = Display(boards=(boards.overview("shop"), board), panels=(SPENT,))
    return Unit("budgets", (), lambda: (), show=lambda: shown)


def test_its_panels_land_on_the_overview_and_on_the_board_of_its_section() -> None:
    plan = planned(a_spec())
    found = drawn(replace(plan, units=(*plan.units, budgets("team"), budgets("team", "unit"))))
    assert "Spent today" in shown(found["overview"])
    section = found["section-budgets"]
    assert list(shown(section)) == ["Spent today"]
    assert [v["name"] for v in section["templating"]["list"]] == ["datasource", "slo", "team", "unit"]
    assert shown(section)["Spent today"]["fieldConfig"]["defaults"]["unit"] == "currencyUSD"


def test_the_dashboard_of_an_objective_that_went_is_removed_as_long_as_it_is_as_written(tmp_path: Path) -> None:
    target = frozenset({"dashboards"})

    def bundle(*names: str) -> dict[str, Rendered]:
        plan = planned(a_spec(*(an_slo(name=name) for name in names)))
        return {path: Rendered(text, "dashboards") for path, text in dashboards.render(plan)}

    write(tmp_path, bundle("calls", "gone", "kept"), target, "d")
    edited = tmp_path / "dashboards" / "slo-kept.json"
    edited.write_text(edited.read_text().replace("kept", "mine"))
    changes = write(tmp_path, bundle("calls"), target, "d")
    assert changes.removed == ["dashboards/slo-gone.json"]
    assert changes.kept == ["dashboards/slo-kept.json"]
