from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.unit.factories import a_spec, an_slo, loaded
from tests.unit.tools import Asked, wrong_answers
from watchbill.errors import SpecError
from watchbill.spec.slo import DAYS, Mask

if TYPE_CHECKING:
    from pathlib import Path

MASKS = ["Sa 02:00-04:00", "Mo-Fr 09:30-17:00", "Fr-Mo 22:15-24:00", "Su-Su 00:00-00:01", "02:00-02:30", "00:00-24:00"]


def holds(mask: str, at: int) -> bool:
    """Whether the mask holds, by Python's calendar."""
    moment = datetime.fromtimestamp(at, UTC)
    day, clock = mask.split(" ") if " " in mask else ("", mask)
    begin, end = ([int(part) for part in half.split(":")] for half in clock.split("-"))
    minute = moment.hour * 60 + moment.minute
    if not begin[0] * 60 + begin[1] <= minute < end[0] * 60 + end[1]:
        return False
    if not day:
        return True
    first, last = day.split("-") if "-" in day else (day, day)
    span = (DAYS.index(last) - DAYS.index(first)) % 7
    today = (moment.weekday() + 1) % 7
    return (today - DAYS.index(first)) % 7 <= span


@pytest.mark.parametrize("every", MASKS)
def test_a_weekly_mask_holds_when_pythons_calendar_says_so(every: str, tmp_path: Path) -> None:
    monday = int(datetime(2028, 2, 28, tzinfo=UTC).timestamp())
    edges = [monday + day * 86_400 + m * 60 + s for day in range(8) for m in (0, 1, 120, 150, 240, 570, 1020, 1335)
             for s in (-1, 0)]  # fmt: skip
    times = sorted({*edges, *range(monday, monday + 7 * 86_400, 12_345)})
    expr = f"count(({Mask(every=every).promql()}) < bool 9999)"
    asked = [Asked(expr, at, 1 if holds(every, at) else None) for at in times]
    assert len({a.value for a in asked}) == (1 if every == "00:00-24:00" else 2)
    assert wrong_answers(tmp_path, asked) == ""


def test_a_metric_masks_while_it_is_above_0() -> None:
    assert Mask.model_validate({"metric": 'maintenance{job="a"}'}).promql() == 'maintenance{job="a"} > 0'


@pytest.mark.parametrize(
    "mask",
    [
        {},
        {"metric": "m", "every": "02:00-03:00"},
        {"every": "Xx 02:00-03:00"},
        {"every": "04:00-02:00"},
        {"every": "02:00-02:00"},
        {"every": "02:00-24:01"},
        {"every": "02:60-03:00"},
        {"every": "sometimes"},
        {"every": "Sa 2:00-4:00"},
        {"every": "Mo-Fr- 02:00-03:00"},
        {"every": "0\u0662:00-03:00"},
    ],
)
def test_what_is_no_maintenance_window_is_refused(mask: dict[str, str]) -> None:
    with pytest.raises(SpecError) as caught:
        loaded(a_spec(an_slo(maintenance=[mask])))
    assert [d.code for d in caught.value.diagnostics] == ["WB131"]
