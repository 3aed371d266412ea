"""The alert on a lost signal: which one is named, per expected group where allow-lists tell them."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from watchbill.durations import MINUTE, format_duration, round_up
from watchbill.gotext import escaped
from watchbill.kinds.capacity.proof import Proof
from watchbill.model import Fires, Scenario
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.kinds.capacity.base import Bench
    from watchbill.model import Alert, Labels, Page

SIGNAL = "signal"
PENDING = 10 * MINUTE
MAX_GROUPS = 20


def window(bench: Bench) -> int:
    """Return after how long (ms) without a sample a signal is lost."""
    return max(5 * MINUTE, 4 * bench.pace)


def expected_groups(bench: Bench) -> list[Labels]:
    """Return the label sets that must be there: every combination of allow-lists, if all labels have one."""
    lists = [[(g.name, v) for v in g.values] for g in bench.item.kept]
    if not all(lists):
        return [()]
    groups = list(islice(product(*lists), MAX_GROUPS + 1))
    return [tuple(g) for g in groups] if len(groups) <= MAX_GROUPS else [()]


def missing_alert(bench: Bench, signals: Sequence[tuple[str, str]], page: Page) -> Alert:
    """Return the alert. `signals`: words for people, and the recorded series that must be there."""
    over = format_duration(window(bench))
    parts = []
    for word, record in signals:
        for group in expected_groups(bench):
            more = ",".join(f"{name}={quote(value)}" for name, value in group)
            gone = f"absent_over_time({bench.ref(record, more)}[{over}])"
            parts.append(f'label_replace({gone}, "{SIGNAL}", {quote(word)}, "", "")')
    return bench.alert(
        bench.alert_name("SignalMissing"),
        "\nor\n".join(parts),
        bench.item.on_no_data,
        f"{escaped(bench.item.shown)}: no data on {{{{ $labels.{SIGNAL} }}}}",
        f"Nothing has been seen of it for {format_duration(window(bench) + PENDING)}: alerts that look at it are blind "
        "until it is back.",
        family="signal-missing",
        page=page,
        pending=PENDING,
    )


def missing_proof(bench: Bench, alert: Alert, signals: Sequence[tuple[str, str]]) -> Iterator[Scenario]:
    """Yield a scenario for each signal: it alone goes, is named, and comes back."""
    proof, step = Proof(bench), bench.pace
    groups = [dict(g) for g in expected_groups(bench)]
    shown = groups if groups != [{}] else proof.groups()[:1]
    lost, due = window(bench) // step, round_up(PENDING, step) // step
    there, gone = 3, lost + due + 3
    count = there + gone + 2
    for word, record in signals:
        for group in shown:
            back: list[float | None] = [5.0] * there + [None] * gone + [5.0] * 2
            series = [
                proof.recorded(other, back if other == record and one is group else [5.0] * count, one)
                for _, other in signals
                for one in shown
            ]
            firing = (proof.firing(alert, group if groups != [{}] else {}, ((SIGNAL, word),)),)
            looks = (there - 1, False), (there + lost + due - 2, False), (there + lost + due, True), (count - 2, False)
            which = "".join(f", {name} {value}" for name, value in group.items())
            yield Scenario(
                name=f"{alert.name}: {word} alone goes, and comes back{which}",
                level="windows",
                step=step,
                evaluation=step,
                series=tuple(series),
                fires=tuple(Fires(alert.name, i * step, firing if fires else ()) for i, fires in looks),
            )
