"""`watchbill list`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from watchbill.cli.common import checked, spec_argument
from watchbill.cli.printing import table

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ("SLO", "OBJECTIVE", "PERIOD", "SLI", "TIER", "SEVERITY", "WINDOWS", "BUDGET", "BURN RATE", "ERRORS", "OUTAGE")


@click.command("list")
@spec_argument
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
def command(spec: tuple[Path, ...], *, as_json: bool) -> None:
    """List every objective with its tiers: windows, burn rate, error ratio, and how soon a total outage is seen."""
    from watchbill.burn import detection_time
    from watchbill.decimals import literal, percent
    from watchbill.durations import format_duration, spoken
    from watchbill.plan import resolve

    loaded, _ = checked(spec)
    rows = []
    for slo in loaded.document.slos:
        facts = resolve(loaded.document, slo)
        for tier in facts.tiers:
            rate = tier.burn_rate(facts.period.length)
            threshold = rate * facts.budget_ratio
            windows = f"{format_duration(tier.long)} / {format_duration(tier.short)}"
            rows.append(
                (
                    slo.name, percent(facts.objective), facts.period.text, slo.sli.kind, tier.name,
                    facts.severity(tier.severity), windows, percent(round(tier.budget, 5)), literal(round(rate, 3)),
                    percent(round(threshold, 6)), spoken(detection_time(tier.long, threshold, 1.0)),
                )
            )  # fmt: skip
    if as_json:
        keys = [h.lower().replace(" ", "_") for h in HEAD]
        click.echo(json.dumps([dict(zip(keys, r, strict=True)) for r in rows], indent=1))
    else:
        click.echo(table(rows, HEAD))
