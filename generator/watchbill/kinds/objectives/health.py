"""The bundle's own health: rule groups that skip evaluations lose tiles, and ones that fail record nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE, format_duration
from watchbill.gotext import escaped
from watchbill.kinds import boards
from watchbill.kinds.objectives import health_panels
from watchbill.kinds.objectives.pages import failing_page, missed_page
from watchbill.model import Alert, Display, Fires, Labels, Page, RuleFile, RuleGroup, Scenario, Series, Unit

if TYPE_CHECKING:
    from watchbill.kinds.setting import Setting

MISSED = "prometheus_rule_group_iterations_missed_total"
FAILED = "prometheus_rule_evaluation_failures_total"
LOOKBACK = 15 * MINUTE
UNIT = "watchbill-health"


def health_unit(setting: Setting, targets: tuple[str, ...] = ()) -> Unit:
    """Return the unit that watches the rules of a service; `targets` select the liveness of its inputs' sources."""
    service = setting.service
    static = (
        *setting.labels,
        (conventions.SERVICE, service),
        (conventions.SEVERITY, setting.severity("ticket")),
    )
    mine = f'rule_group=~".*watchbill/{service}/.*"'

    def alert(name: str, metric: str, summary: str, description: str, family: str, page: Page) -> Alert:
        return Alert(
            name=name,
            expr=f"sum by (instance, rule_group) (increase({metric}{{{mine}}}[{format_duration(LOOKBACK)}])) > 0",
            labels=tuple((k, escaped(v)) for k, v in static),
            annotations=(("summary", summary), ("description", description)),
            pending=0,
            family=family,
            board=conventions.HEALTH,
            page=page,
        )

    missed = alert(
        conventions.missed_alert(service),
        MISSED,
        "Rule group {{ $labels.rule_group }} skipped evaluations",
        "Each skipped evaluation loses a tile of events and errors. The server is too slow, or was paused.",
        "rule-missed",
        missed_page(service, format_duration(LOOKBACK)),
    )
    failing = alert(
        conventions.failing_alert(service),
        FAILED,
        "Rules of group {{ $labels.rule_group }} fail to evaluate",
        "What they record is missing, and alerts that read it are blind. The server's rules page shows the error.",
        "rule-failing",
        failing_page(service, format_duration(LOOKBACK)),
    )
    group = RuleGroup(conventions.group(service, UNIT, "rules"), setting.timing.tile, (missed, failing))
    rules = RuleFile(conventions.rule_file(UNIT), (group,))
    found = tuple(_scenario(service, a.name, m, static) for a, m in ((missed, MISSED), (failing, FAILED)))
    return Unit(
        UNIT,
        (rules,),
        lambda: found,
        show=lambda: Display(
            (boards.health(service),),
            tuple(health_panels.panels(service, setting.timing, (missed.name, failing.name), targets)),
        ),
    )


def _scenario(service: str, alert: str, metric: str, static: Labels) -> Scenario:
    """A counter rises for one group of ours on one of two servers, one of whose two series stays, and for theirs."""
    mine = ("rule_group", f"/etc/prometheus/x.yml;watchbill/{service}/any/tiles")
    first, second = (("instance", f"prometheus-{n}") for n in (1, 2))
    firing, later = (tuple(sorted((*static, mine, where))) for where in (first, second))
    other = ("rule_group", "/etc/prometheus/y.yml;theirs")
    step = MINUTE

    def counter(values: str, *labels: tuple[str, str]) -> Series:
        return Series(metric, tuple(sorted(labels)), values)

    return Scenario(
        name=f"{alert}: fires for our groups only, and clears",
        level="raw",
        step=step,
        evaluation=step,
        series=(
            counter("0x10 1x40", mine, first),
            counter("0x50", mine, first, ("job", "remote")),
            counter("0x20 1x30", mine, second),
            counter("0+1x50", other, first),
        ),
        fires=(
            Fires(alert, 10 * step, ()),
            Fires(alert, 12 * step, (firing,)),
            Fires(alert, 24 * step, (firing, later)),
            Fires(alert, 28 * step, (later,)),
            Fires(alert, 34 * step, (later,)),
            Fires(alert, 38 * step, ()),
        ),
    )
