"""Panels stand side by side, in the order of their rows, whatever there is of them."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.targets.dashboards.boards import drawn
from watchbill.model import Form, Panel, Row
from watchbill.targets.dashboards.layout import COLUMNS, Heading, layout

panels = st.lists(
    st.builds(
        Panel,
        key=st.text(max_size=5),
        title=st.just("t"),
        about=st.just("a"),
        form=st.just(Form.LINES),
        row=st.sampled_from(Row),
        boards=st.just(("b",)),
        width=st.integers(-3, 40),
        height=st.integers(1, 12),
    ),
    max_size=40,
)


@given(panels)
def test_panels_fill_their_lines_and_touch_no_other(listed: list[Panel]) -> None:
    placed = list(layout(listed))
    assert [p for one in placed if not isinstance(one, Heading) for p in [one[0]]] == [
        p for row in Row for p in listed if p.row is row
    ]
    boxes = [one.place if isinstance(one, Heading) else one[1] for one in placed]
    for one, other in combinations(boxes, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for y in {box.y for box in boxes}:
        line = [box for box in boxes if box.y == y]
        assert min(box.x for box in line) == 0
        assert sum(box.width for box in line) == COLUMNS
        assert all(box.width > 0 for box in line)


@given(panels)
def test_each_row_has_its_head_and_they_come_in_order(listed: list[Panel]) -> None:
    heads = [(one.row, one.place.y) for one in layout(listed) if isinstance(one, Heading)]
    assert [row for row, _ in heads] == [row for row in Row if any(p.row is row for p in listed)]
    assert [y for _, y in heads] == sorted(y for _, y in heads)


def test_an_objectives_board_begins_with_the_verdict_and_ends_with_words() -> None:
    panels = drawn()["slo-calls"]["panels"]
    assert [p["title"] for p in panels[:5]] == [
        "Are we OK?", "State", "Error budget left", "Budget lasts", "Worst burn, as a share of what alerts",
    ]  # fmt: skip
    assert [p["title"] for p in panels if p["type"] == "row"] == [
        "Are we OK?", "How good is it?", "How much is there?", "What is it?", "What fired?", "About",
    ]  # fmt: skip
    assert panels[-1]["type"] == "text"
