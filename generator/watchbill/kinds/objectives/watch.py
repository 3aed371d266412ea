"""Alerts that routing builds on: a dead man's switch, and jobs whose targets are all down."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE, format_duration
from watchbill.gotext import escaped
from watchbill.model import Alert, Fires, Labels, Page, RuleFile, RuleGroup, Scenario, Series, Unit
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from watchbill.kinds.objectives.feeding import Job
    from watchbill.kinds.setting import Setting

UNIT = "watchbill-watch"
DOWN_FOR = 2 * MINUTE
STEP = 30_000


def watch_unit(setting: Setting, jobs: Sequence[Job], *, watchdog: bool) -> Unit | None:
    """Return the unit of a service's own watch; None where there is nothing to watch."""
    service = setting.service

    def static(level: str) -> Labels:
        found = (
            *setting.labels,
            (conventions.SERVICE, service),
            (conventions.SEVERITY, setting.severity(level)),
        )
        return tuple((k, v) for k, v in found if level == "info" or k != "job")

    alerts: list[Alert] = []
    proofs: list[Callable[[], Iterator[Scenario]]] = []
    if watchdog:
        alerts.append(_watchdog(service, static("info")))
        proofs.append(partial(_always, alerts[-1].name, static("info")))
    for level in ("page", "ticket"):
        down = [job.name for job in jobs if job.level == level]
        if down:
            alerts.append(_down(service, level, down, static(level)))
            proofs.append(partial(_goes_down, alerts[-1].name, down, static(level)))
    if not alerts:
        return None
    group = RuleGroup(conventions.group(service, UNIT, "alerts"), setting.timing.tile, tuple(alerts))
    file = RuleFile(conventions.rule_file(UNIT), (group,))
    return Unit(UNIT, (file,), lambda: chain.from_iterable(prove() for prove in proofs))


def _written(labels: Labels) -> Labels:
    return tuple((k, escaped(v)) for k, v in labels)


def _watchdog(service: str, labels: Labels) -> Alert:
    return Alert(
        name=conventions.watchdog_alert(service),
        expr="vector(1)",
        labels=_written(labels),
        annotations=(
            ("summary", "Alerts arrive"),
            (
                "description",
                (
                    "This alert fires all the time. When whoever it is sent to stops hearing it, Prometheus, "
                    "Alertmanager or the way between them is broken, and no other alert would arrive either."
                ),
            ),
        ),
        family="watchdog",
        board=conventions.HEALTH,
    )


def _down(service: str, level: str, jobs: Sequence[str], labels: Labels) -> Alert:
    return Alert(
        name=conventions.targets_down_alert(service, level),
        expr="\nor\n".join(_gone(job) for job in jobs),
        labels=_written(labels),
        annotations=(
            ("summary", "No target of job {{ $labels.job }} can be scraped"),
            (
                "description",
                (
                    "All targets of the job are down, or are not discovered any more, since "
                    f"{format_duration(DOWN_FOR)} at least. Objectives that are fed by it are blind; their alerts are "
                    "held back while this one fires."
                ),
            ),
        ),
        pending=DOWN_FOR,
        family="exporter-down",
        board=conventions.HEALTH,
        page=Page(group_labels=("job",)),
    )


def _gone(job: str) -> str:
    """`absent` sees both targets that are down and targets that are gone; it names the job no more once it compares."""
    named = quote(job.replace("$", "$$"))
    return f'label_replace(absent(up{{job={quote(job)}}} == 1), "job", {named}, "", "")'


def _always(name: str, labels: Labels) -> Iterator[Scenario]:
    series = (Series("up", (("instance", "any"), ("job", "any")), "0x10"),)
    fires = tuple(Fires(name, at * STEP, (tuple(sorted(labels)),)) for at in (0, 7))
    yield Scenario(f"{name}: fires whatever there is", "raw", STEP, STEP, series, fires)


def _goes_down(name: str, jobs: Sequence[str], labels: Labels) -> Iterator[Scenario]:
    """One target of two goes down, then the other; one comes back; then both are discovered no more."""
    waited = DOWN_FOR // STEP
    for i, job in enumerate(jobs):
        firing = tuple(sorted((*labels, ("job", job))))
        one = f"1x4 0x{4 * waited - 1} 1x3 stale"
        other = f"1x{2 * waited + 4} 0x{4 * waited} stale"
        begin, back = 2 * waited + 5, 4 * waited + 5
        looks: Iterable[tuple[int, bool]] = (
            (begin - 1, False),
            (begin + waited - 1, False),
            (begin + waited, True),
            (back - 1, True),
            (back, False),
            (back + 4 + waited - 1, False),
            (back + 4 + waited, True),
        )
        others = [Series("up", (("instance", "c-1"), ("job", name)), "1x60") for name in (*jobs[:i], *jobs[i + 1 :])]
        yield Scenario(
            name=f"{name}: fires when every target of {job} is down or gone, and not before",
            level="raw",
            step=STEP,
            evaluation=STEP,
            series=(
                Series("up", (("instance", "a-1"), ("job", job)), one),
                Series("up", (("instance", "b-1"), ("job", job)), other),
                *others,
            ),
            fires=tuple(Fires(name, at * STEP, (firing,) if fires else ()) for at, fires in looks),
        )
