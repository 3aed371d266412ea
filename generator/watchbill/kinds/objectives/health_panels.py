"""Whether what watches can be trusted: rules that run, inputs that arrive, targets that answer, mail that goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE, format_duration
from watchbill.kinds.objectives.panels import states
from watchbill.kinds.objectives.panels.timeline import LEVELS, states_of
from watchbill.model import Column, Form, Meaning, Measure, Panel, Query, Row, State, Threshold
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Timing

GROUP = "prometheus_rule_group_"
DURATION, INTERVAL = f"{GROUP}last_duration_seconds", f"{GROUP}interval_seconds"
MISSED, EVALUATED = f"{GROUP}iterations_missed_total", f"{GROUP}last_evaluation_timestamp_seconds"
FAILED = "prometheus_rule_evaluation_failures_total"
UNSENT = ("prometheus_notifications_errors_total", "prometheus_notifications_dropped_total")
UNDELIVERED = "alertmanager_notifications_failed_total"
OVER = "[15m]"
TROUBLE = (Threshold(None, State.GOOD), Threshold(1, State.BAD))
ANY = (Threshold(None, State.BAD),)
SHOWN = 5


def panels(service: str, timing: Timing, alerts: tuple[str, str], targets: tuple[str, ...]) -> Iterator[Panel]:
    """Yield the panels of the health board. `alerts`: those of missed and of failing evaluations."""
    mine = f'{{rule_group=~".*watchbill/{service}/.*"}}'
    missed, failing = alerts
    base = Panel("", "", "", Form.STAT, Row.VERDICT, (conventions.HEALTH,), runbook=failing)
    yield from _verdict(replace(base, measure=Measure.COUNT, height=4, width=4), mine, missed, service, timing)
    yield from _rules(replace(base, form=Form.LINES, row=Row.LEVEL, width=12, height=8), mine, missed)
    yield from _inputs(replace(base, width=12, height=8), service, timing, targets)
    yield from _delivery(replace(base, form=Form.LINES, row=Row.LEVEL, width=12, height=8))
    yield from _alerts(base, service, alerts)


def _verdict(base: Panel, mine: str, missed: str, service: str, timing: Timing) -> Iterator[Panel]:
    for key, title, metric, page in (
        ("failing", "Groups that fail", FAILED, base.runbook),
        ("missed", "Groups that skip", MISSED, missed),
    ):
        bad = f"count(sum by (rule_group) (increase({metric}{mine}{OVER})) > 0)"
        yield replace(
            base,
            key=key,
            title=title,
            about=f"Rule groups of {service} with any in the last 15 minutes. Needs Prometheus' own metrics.",
            queries=(Query(key, f"{bad} or 0 * count({metric}{mine})", instant=True),),
            thresholds=TROUBLE,
            runbook=page,
        )
    yield replace(
        base,
        key="slowest",
        title="Slowest group",
        about="Time a group takes, as a share of its interval; from 100 % on it skips evaluations, and loses events.",
        queries=(Query("slowest", f"max({DURATION}{mine} / {INTERVAL}{mine})", instant=True),),
        measure=Measure.RATIO,
        thresholds=(Threshold(None, State.GOOD), Threshold(0.5, State.WARNING), Threshold(1, State.BAD)),
        runbook=missed,
    )
    late = f"max(time() - {EVALUATED}{mine} - {INTERVAL}{mine})"
    slow = timing.slow / 1000
    yield replace(
        base,
        key="late",
        title="Latest group",
        about="How far the group that is most behind is beyond its interval.",
        queries=(Query("late", f"clamp_min({late}, 0)", instant=True),),
        measure=Measure.SECONDS,
        thresholds=(Threshold(None, State.GOOD), Threshold(slow / 5, State.WARNING), Threshold(slow, State.BAD)),
        runbook=missed,
    )
    info, tile = _info(service), conventions.tile("events", timing.tile)
    window = format_duration(max(5 * MINUTE, 4 * timing.tile))
    seen = f"last_over_time({tile}{{service={quote(service)}}}[{window}])"
    yield replace(
        base,
        key="blind",
        title="Objectives without data",
        about="Objectives whose inputs vanished: their alerts are blind.",
        queries=(Query("blind", f"count({info} unless on (slo) {seen}) or 0 * count({info})", instant=True),),
        thresholds=TROUBLE,
    )
    firing = f'ALERTS{{{conventions.MARKER}={quote(service)},alertstate="firing",{conventions.NO_ITEM}}}'
    yield replace(
        base,
        key="firing",
        title="Alerts of the watch",
        about="Alerts about the watch itself that fire.",
        queries=(Query("firing", f"count({firing}) or vector(0)", instant=True),),
        thresholds=TROUBLE,
    )


def _info(service: str) -> str:
    return f"max by (slo) (last_over_time({conventions.INFO}{{service={quote(service)}}}[15m]))"


def _rules(base: Panel, mine: str, missed: str) -> Iterator[Panel]:
    # The label is a path and a group's name: objective and level read best.
    short = '"rule_group", "$1", "rule_group", ".*;watchbill/[^/]+/(.*)"'
    yield replace(
        base,
        key="durations",
        title="Slowest groups, as a share of their interval",
        about=f"Time to evaluate a group against how often it has to be. At most {SHOWN}.",
        queries=(
            Query(
                "durations",
                f"topk({SHOWN}, label_replace(max by (rule_group) ({DURATION}{mine} / {INTERVAL}{mine}), {short}))",
                "{{rule_group}}",
            ),
        ),
        measure=Measure.RATIO,
        thresholds=(Threshold(None, State.GOOD), Threshold(1, State.BAD)),
        runbook=missed,
        least=0,
    )
    yield replace(
        base,
        key="trouble",
        title="Failed and skipped evaluations",
        about="In 15 minutes, by group; each one loses a tile, or blinds the alerts that read it.",
        queries=tuple(
            Query(
                key,
                f"topk({SHOWN}, label_replace(sum by (rule_group) (increase({metric}{mine}{OVER})), {short}) > 0)",
                f"{key} {{{{rule_group}}}}",
            )
            for key, metric in (("failed", FAILED), ("skipped", MISSED))
        ),
        measure=Measure.COUNT,
        thresholds=ANY,
        empty="none",
        least=0,
    )


def _inputs(base: Panel, service: str, timing: Timing, targets: tuple[str, ...]) -> Iterator[Panel]:
    tile = conventions.tile("events", timing.tile)
    seen = f"max by (slo) (last_over_time({tile}{{service={quote(service)}}}[5m]) * 0 + 1)"
    yield replace(
        base,
        key="inputs",
        title="Inputs of the objectives",
        about="Whether an objective's inputs arrive. Those without come first; at most 20 are shown.",
        form=Form.STATES,
        row=Row.LEVEL,
        queries=(Query("inputs", f"bottomk(20, {seen} or 0 * {_info(service)})", "{{slo}}"),),
        measure=Measure.STATE,
        thresholds=TROUBLE[:1],
        meanings=(Meaning("absent", State.BAD, 0, 0), Meaning("there", State.GOOD, 1, 1)),
    )
    if targets:
        up = " or ".join(targets)
        yield replace(
            base,
            key="targets",
            title="Targets that the inputs come from",
            about="Targets that are down, and how many there are, by job. A target that is down exposes nothing.",
            form=Form.TABLE,
            row=Row.LEVEL,
            queries=(
                Query("down", f"sum by (job) (1 - ({up}))", instant=True),
                Query("targets", f"count by (job) ({up})", instant=True),
            ),
            columns=(
                Column("job", "job"),
                Column("down", "down", Measure.COUNT, TROUBLE),
                Column("targets", "targets", Measure.COUNT),
            ),
            sort="down",
            thresholds=TROUBLE,
        )


def _delivery(base: Panel) -> Iterator[Panel]:
    prometheus = tuple(
        Query(metric.removeprefix("prometheus_notifications_"), f"sum(increase({metric}{OVER}))", words)
        for metric, words in zip(UNSENT, ("not taken", "dropped"), strict=True)
    )
    failed = f"sum by (integration) (increase({UNDELIVERED}{OVER}))"
    yield replace(
        base,
        key="delivery",
        title="Notifications that did not arrive",
        about="In 15 minutes: alerts that Alertmanager did not take or Prometheus dropped, and notifications that "
        "Alertmanager could not deliver. All of this Prometheus', not of this service alone.",
        queries=(*prometheus, Query("undelivered", failed, "to {{integration}}")),
        measure=Measure.COUNT,
        thresholds=ANY,
        empty="Prometheus' and Alertmanager's own metrics are not scraped",
        runbook="",
        least=0,
    )


def _alerts(base: Panel, service: str, alerts: tuple[str, str]) -> Iterator[Panel]:
    mark = f"{conventions.MARKER}={quote(service)},{conventions.NO_ITEM}"
    pending, firing = (f'ALERTS{{{mark},alertstate="{state}"}}' for state in ("pending", "firing"))
    yield replace(
        base,
        key="alerts",
        title="Alerts of the watch over time",
        about="From `ALERTS`. Of the shown time; empty is good.",
        form=Form.STATES,
        row=Row.ALERTS,
        queries=(Query("alerts", states_of("alertname", pending, firing), "{{alertname}}"),),
        measure=Measure.STATE,
        thresholds=LEVELS,
        meanings=states.ALERTING,
        empty="no alert in this time",
        width=24,
        height=6,
    )
    yield replace(
        base,
        key="about",
        title="What this is about",
        about="How the watch watches itself.",
        form=Form.TEXT,
        row=Row.ABOUT,
        text=(
            f"Rules of `{service}` are in groups named `watchbill/{service}/...`. A group that **skips** evaluations "
            "loses tiles of events and errors: the server is too slow, or was paused. A group that **fails** records "
            "nothing. Both are seen in Prometheus' own metrics: let it scrape itself. An **input** that is absent "
            "blinds its objective."
        ),
        alerts=alerts,
        width=24,
        height=5,
    )
