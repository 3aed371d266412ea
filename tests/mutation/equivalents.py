"""Survivors: mutants that no generated test notices, by pattern, each with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Survivor:
    """Mutants whose name (`rule | mistake`) the pattern finds. `equivalent`: nothing measurable changes."""

    pattern: str
    reason: str
    equivalent: bool = True

    def covers(self, name: str) -> bool:
        """Whether the mutant is one of these."""
        return re.search(self.pattern, name) is not None


_TILE = r"^slo:(events|errors):increase30s \| "

SURVIVORS = (
    Survivor(
        r"\| label: without (service|slo|env)$",
        "The series read carry these labels already; rules write them out so that each can be read by itself.",
    ),
    Survivor(
        r"\| offset: .*<<5s -> ",
        "Tiles come at whole intervals here, so that any lag up to one reads the same ones; the lag is for groups that "
        "are evaluated at other phases, which tests/live holds against real servers.",
    ),
    Survivor(
        r"\| longer range: .*<<\[(\d+[dhm])*59s999ms\] -> ",
        "One millisecond more, or ranges within one tile of it: read `lag` late, no tile lies in between; other phases "
        "are tested in tests/live.",
    ),
    Survivor(
        r"\| longer range: .*<<\[(15m|1h)\] -> ",
        "Another read of a series that pauses at the same time ends first, and the expression needs them both.",
    ),
    Survivor(
        r"^slo:error_budget_remaining:ratio \| shorter range: .*<<\[1h\] -> ",
        "What was spent is read for 15 minutes only, and there is no verdict without it.",
    ),
    Survivor(_TILE + r"comparison: .*<<== -> >=>>$", "`up` is 0 or 1, so that >= 1 is == 1."),
    Survivor(_TILE + r"function: .* or<<sum -> \w+>>$", "The zero branch: zeros stay zero whatever adds them up."),
    Survivor(
        r"\| metric: sum_over_time\(<<slo:(\w+):increase5m -> slo:\1:sum5m>>",
        "promtool evaluates every group at one pace, at which a sum over 5 minutes is the tile of 5 minutes.",
        equivalent=False,
    ),
    Survivor(
        r"TrafficCollapse \| for: x(0\.5|2)$",
        "Needs a week at the pace of minutes: 2,000 evaluations of all rules for one pause.",
        equivalent=False,
    ),
    Survivor(
        r"\| (comparison: .*<<(>|<|==) -> (>=|<=|!=)>>|number: .*> ?<<0 -> 1>>|dropped: .*<<> 0 -> >>)",
        "Counts are never negative, x / 0 is no number that compares, and no count of events meets the bound exactly.",
    ),
    Survivor(
        r"BudgetBurn\w+ \| function: .*<<last_over_time -> (max|min|avg)_over_time>>",
        "Values in the tests do not move the other way in this condition while it alone decides.",
        equivalent=False,
    ),
    Survivor(r"\| number: .*>=<<3 -> 2\.7>>$", "Errors are whole numbers."),
    Survivor(r"Watchdog \| number: vector\(<<1 -> ", "Whatever its value is, it fires."),
    Survivor(
        r"\| shorter range: .*<<\[(5m|15m|1h)\] -> \[\w*59s999ms\]>>$",
        "One millisecond less at the end of a grace or of an absence, between two samples.",
    ),
)
