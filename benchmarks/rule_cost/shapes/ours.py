"""What `watchbill generate` makes of the same SLO, with every default."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.rule_cost.rules import Group, Rule, Shape, load
from benchmarks.rule_cost.shapes import OBJECTIVE, SLIS, Sli

NAME = "Watchbill"
COMMAND = Path(sys.executable).with_name("watchbill")
TILES = ("slo:events:increase30s", "slo:errors:increase30s")
PERIOD_SUMS = ("slo:errors:sum30d", "slo:events:sum30d")


@dataclass(frozen=True)
class Bundle:
    """A generated bundle on disk."""

    folder: Path

    def shape(self, sli: Sli) -> Shape:
        files = sorted((self.folder / "alerts/rules").glob(f"{sli.name}.*yml"))
        return Shape(NAME, tuple(group for file in files for group in load(file)))

    def backfill(self, sli: Sli) -> Path:
        return self.folder / "alerts/backfill/pass-1" / f"{sli.name}.yml"

    def tiles(self, sli: Sli) -> Group:
        """Return the fast tiles for a backfill, where no rule reads another."""
        group = next(g for g in self.shape(sli).groups if g.rules[0].record == TILES[0])
        events, errors = (next(rule for rule in group.rules if rule.record == record) for record in TILES)
        inline = re.sub(rf"{TILES[0]}\{{[^}}]*\}}", lambda _: f"({events.expr})", errors.expr)
        return Group(group.name, group.interval, (events, Rule(inline, errors.fields)))

    def period_counts(self, sli: Sli) -> tuple[str, str]:
        """Return the errors and events of the period as the rules add them up."""
        errors, events = (self.shape(sli).rule(record).expr for record in PERIOD_SUMS)
        return errors, events

    def period_ratio(self, sli: Sli) -> str:
        errors, events = self.period_counts(sli)
        return f"({errors}) / ({events})"


def generate(folder: Path) -> Bundle:
    spec = {
        "watchbill": 1,
        "service": "bench",
        "prometheus": {"scrape_interval": "30s", "retention": "45d"},
        "slos": [_slo(sli) for sli in SLIS],
    }
    path = folder / "watchbill.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    bundle = folder / "bundle"
    subprocess.run([COMMAND, "generate", "--out", bundle, path], check=True, capture_output=True)
    return Bundle(bundle)


def _slo(sli: Sli) -> dict[str, object]:
    kind = {"kind": "ratio", "total": sli.total, "bad": sli.bad}
    return {"name": sli.name, "objective": OBJECTIVE, "window": "30d", "sli": kind}
