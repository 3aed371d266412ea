"""Pages of companions: nothing to measure, or hardly any traffic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import percent
from watchbill.durations import HOUR, format_duration
from watchbill.kinds.objectives.pages.lens import Lens
from watchbill.kinds.objectives.pages.shared import gone, objective, rules_healthy, since
from watchbill.model import Check, Content, Fact, Page, Use

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads


def missing_page(facts: Facts, reads: Reads, *, grouped: bool, window: int, pending: int) -> Page:
    """Return the page of a vanished signal; times in ms."""
    labels = facts.sli.group_names if grouped else ()
    return Page(facts.title, group_labels=labels, make=partial(_missing, facts, reads, grouped, window + pending))


def _missing(facts: Facts, reads: Reads, grouped: bool, after: int) -> Content:  # noqa: FBT001 - bound by `partial`
    lens = Lens(facts, reads, grouped=grouped)
    alert = conventions.missing_alert(facts.name)
    tile = conventions.tile("events", facts.timing.tile)
    burns = ", ".join(conventions.burn_alert(facts.name, t.name) for t in facts.tiers)
    return Content(
        hurts=f'Nobody knows whether the objective is kept, "{facts.title}". Its metrics are gone, so its burn alerts '
        "cannot fire. All instances being down looks exactly like this.",
        brief="no data: its burn alerts are blind",
        metrics=lens.metrics(),
        facts=(
            objective(facts),
            Fact("Fires after", format_duration(after), "without a single sample"),
            Fact("Blind meanwhile", "its burn alerts", burns),
            Fact("Clears", "at once", "with the first evaluation that sees the metrics again"),
        ),
        checks=(
            since(lens, alert),
            *facts.sli.looks(lens.sight(HOUR)),
            Check(
                "tiles",
                "When was the last one counted?",
                f"time() - max(max_over_time(timestamp({lens.ref(tile)})[6h:1m]))",
                "seconds since a rule last recorded events; no result: not in six hours",
            ),
            rules_healthy(facts.service, facts.name),
            Check(
                "back", "Are events counted again?", lens.ref(tile), "any result: they are", Use.RECOVERY, always=True
            ),
            gone(lens, alert),
        ),
        values=lens.values(),
    )


def collapse_page(facts: Facts, reads: Reads, *, pending: int) -> Page:
    """Return the page of traffic that broke down."""
    return Page(facts.title, group_labels=facts.sli.group_names, make=partial(_collapse, facts, reads, pending))


def _collapse(facts: Facts, reads: Reads, pending: int) -> Content:
    lens = Lens(facts, reads)
    alert = conventions.collapse_alert(facts.name)
    now, record = lens.window("events", HOUR), conventions.window_sum("events", HOUR)
    then = f"{now} offset 1w" if now == lens.ref(record) else f"{now[:-1]} offset 1w)"
    return Content(
        hurts="Requests do not arrive: clients cannot reach the service, or something in front of it turns them away. "
        f'What does not arrive cannot fail, so the objective looks perfect meanwhile, "{facts.title}".',
        brief=f"less than {percent(facts.collapse)} of last week's traffic",
        metrics=lens.metrics(),
        facts=(
            objective(facts),
            Fact("Fires below", percent(facts.collapse), "of the events of the same hour a week ago"),
            Fact("Held for", format_duration(pending), "before it fires"),
            Fact("Guard", "chance below 0.1%", "or it does not fire: few events vary"),
            Fact("Clears", "within an hour", f"once an hour has {percent(facts.collapse)} of the events again"),
        ),
        checks=(
            since(lens, alert),
            Check("now", "Events in the last hour", now, "far below the number of the next query", always=True),
            Check("then", "Events in the same hour a week ago", then, "no result: the series was not there then"),
            Check(
                "left", "Error budget left", lens.slow(conventions.BUDGET_REMAINING),
                "looks well because hardly anything is counted: do not take comfort in it", always=True,
            ),
            *facts.sli.looks(lens.sight(HOUR)),
            rules_healthy(facts.service, facts.name),
            Check("back", "Is traffic back?", f"{now}\n/ ({then} > 0)", f"above {facts.collapse:g}", Use.RECOVERY),
            gone(lens, alert),
        ),
        values=lens.values(),
    )  # fmt: skip
