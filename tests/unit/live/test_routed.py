"""The pace of the route-only drill and what it leaves behind, on a fake Alertmanager; live tests have a real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.bundle.specs import plan_of
from watchbill.errors import LiveError
from watchbill.live.alertmanager import Alertmanager, Held, Told
from watchbill.live.clock import Clock
from watchbill.live.http import Site
from watchbill.live.routed import SAFETY, RouteDrill
from watchbill.live.shots import Shot, chosen, drill, filled, shots
from watchbill.targets.routes.checks import quiet_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.routetree import Matcher

FAST, WATCHDOG = "RunSuccessBudgetBurnFast", "SupportAgentsWatchdog"


@dataclass
class FakeAlertmanager(Alertmanager):
    """Holds what it is told until that ends, routes to one receiver and keeps nothing quiet."""

    receiver: str = "deadman"
    breaks_after: int = 1000
    now: float = 5_000.0
    told: list[tuple[float, list[Told]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(Site("the fake", "http://fake:9093"))

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def tell(self, alerts: Iterable[Told]) -> None:
        if len(self.told) >= self.breaks_after:
            raise LiveError("could not reach the fake")
        self.told.append((self.now, list(alerts)))

    def alerts(self, *matchers: Matcher) -> list[Held]:
        latest = {tuple(sorted(one.labels.items())): one for _, listed in self.told for one in listed}
        return [
            Held(dict(one.labels), {}, one.labels["alertname"], (self.receiver,), (), ())
            for one in latest.values()
            if one.ends > self.now and all(m.matches(one.labels) for m in matchers)
        ]

    def groups(self, *matchers: Matcher) -> dict[str, set[str]]:
        return {held.fingerprint: set(held.receivers) for held in self.alerts(*matchers)}


def shot(name: str = WATCHDOG) -> Shot:
    [found] = shots(plan_of("reference"), [name])
    return found


def drilling(fake: FakeAlertmanager, rate: float = 30, hold: float = 0) -> RouteDrill:
    return RouteDrill(fake, quiet_rules(plan_of("reference")), rate, hold, fake.clock)


def pushes(fake: FakeAlertmanager) -> list[float]:
    return [at for at, listed in fake.told if listed[0].ends > at]


def test_never_more_pushes_than_the_rate_says() -> None:
    fake = FakeAlertmanager()
    assert len(list(drilling(fake, rate=7).run([shot()] * 4))) == 4
    gaps = [late - soon for soon, late in zip(pushes(fake), pushes(fake)[1:], strict=False)]
    assert min(gaps) >= 60 / 7 - 1e-6
    assert len(gaps) == 3


def test_what_should_keep_it_quiet_is_pushed_at_the_same_pace_and_both_are_resolved() -> None:
    fake = FakeAlertmanager(receiver="watchbill-support-agents-page")
    [answer] = drilling(fake, rate=10).run([shot(FAST)])
    source = shot(FAST).source
    assert source is not None
    assert answer.problems == (f"is not kept quiet by {source['alertname']}",)
    first, second = pushes(fake)
    assert second - first >= 6
    assert {one.labels["alertname"] for one in fake.told[-1][1]} == {FAST, source["alertname"]}
    assert fake.alerts() == []


def test_an_alert_ends_by_itself_should_the_drill_be_killed() -> None:
    fake = FakeAlertmanager()
    list(drilling(fake, hold=40).run([shot()]))
    (at, [first]), *_, (_, [last]) = fake.told
    assert first.ends == at + 40 + SAFETY
    assert last.ends >= first.begins + 40
    assert dict(first.labels) == drill({k: v for k, v in first.labels.items() if k != "drill"})


def test_what_could_not_be_resolved_is_named() -> None:
    fake = FakeAlertmanager(breaks_after=1)
    with pytest.raises(LiveError, match=f"not resolved: {WATCHDOG}; they end by themselves within 300 s"):
        list(drilling(fake).run([shot()]))


def test_an_alert_that_never_shows_is_said_and_resolved_all_the_same() -> None:
    class Deaf(FakeAlertmanager):
        def alerts(self, *matchers: Matcher) -> list[Held]:
            del matchers
            return []

    fake = Deaf()
    [answer] = drilling(fake).run([shot()])
    assert answer.problems == ("was not received within 15 s",)
    assert fake.told[-1][1][0].ends <= fake.now


def test_links_are_filled_in_with_the_labels_and_no_template_is_left() -> None:
    assert (
        filled("x?a={{ $labels.agent | urlquery }}&b={{ $labels.b }}", {"agent": "a b", "b": "c d"}) == "x?a=a+b&b=c d"
    )
    plan = plan_of("reference")
    assert not any("{{" in text for one in shots(plan, chosen(plan, [])) for text in one.annotations.values())
