"""Survivors: mutants that no generated test notices, by pattern, each with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Survivor:
    """Mutants whose name (`unit: rule | mistake`) the pattern finds. `equivalent`: nothing measurable changes."""

    pattern: str
    reason: str
    equivalent: bool = True

    def covers(self, name: str) -> bool:
        """Whether the mutant is one of these."""
        return re.search(self.pattern, name) is not None


_TILE = r": slo:(events|errors):increase30s \| "
_USUAL = r"slo:events:sum1h(\[15m\])? offset (1w|7d)\)?"

LABELS = (
    Survivor(
        r": (slo:(events|errors):(sum|increase5m|evidence)\w*|slo_period:\S+|slo:error(_budget)?\S+"
        r"|\w+BudgetBurn\w+|\w+TrafficCollapse|\w+SignalMissing) (\(\w+\) )?\| label: without (env|service|slo)$",
        "The series read carry these labels already; rules write them out so that each can be read by itself.",
    ),
)

TILES = (
    Survivor(_TILE + r"comparison: .*max_over_time\(up\[30m\] offset 40s\)<<== -> >=>>", "`up` is 0 or 1."),
    Survivor(_TILE + r"function: .* or<<sum -> \w+>>", "The zero branch: zeros stay zero whatever adds them up."),
    Survivor(
        r"^gateway-up" + _TILE + r"no matching: .* or<<on \(\) -> >>",
        "The objective has no groups: neither side has a label.",
    ),
    Survivor(
        r"^gateway-up: slo:errors:increase30s \| no function: sum\(<<clamp_min",
        "The gauge is 0 or 1: its sum is no more than its count.",
    ),
    Survivor(
        r"^task-success" + _TILE + r"function: .* offset 10s\) <<<last_over_time -> (max|sum)_over_time>>",
        "More than the newest value only finds restarts where the counter rose, and there the branch before it counts.",
    ),
    Survivor(
        r"^task-success" + _TILE + r"comparison: .* offset 10s\)<<< -> (<=|!=)>>",
        "A counter that has not fallen is for the branch before.",
    ),
    Survivor(
        r"^task-success: slo:errors:increase30s \| (comparison: .*<<>= -> >>>|number: .*<<0 -> 1>>) #2$",
        "A good counter that stays is left out instead of counted as 0, and 0 is what stands in for what is left out.",
    ),
    Survivor(
        r"^(first-token|reconnects-resume|task-success): slo:errors:increase30s \| longer range: "
        r".*<<\[30s\] -> \[(1m|30m)\]>>",
        "Without a sample in the tile both ends are the same one: 0 is added, as if the series was left out.",
    ),
    Survivor(
        r"^(first-token|reconnects-resume|task-success): slo:errors:increase30s \| no function: <<clamp_min",
        "Needs a scrape that sees a good event before its total; histories are what a target can expose at one moment.",
        equivalent=False,
    ),
    Survivor(
        r"^conversation" + _TILE + r"dropped: .* or<<1 \* -> >>",
        "One times a tile is the tile.",
    ),
    Survivor(
        r"^queue-wait: slo:events:increase30s \| comparison: .*<<== -> (>=|<=)>>",
        "A number is equal to itself, and NaN compares with nothing.",
    ),
    Survivor(
        r"^queue-wait" + _TILE + r"function: .*<<(sum -> avg|rate -> increase)>>",
        "Quantiles do not change when all buckets are scaled.",
    ),
    Survivor(
        r"^queue-wait: slo:errors:increase30s \| comparison: .*<<>= -> >>>",
        "A quantile, interpolated from rates, is the limit itself only by chance of rounding.",
        equivalent=False,
    ),
)

BOUNDS = (
    Survivor(
        r": slo:error(:ratio|_budget_remaining:ratio)\w* \| comparison: .*<<> -> !=>>",
        "Counts are never negative.",
    ),
    Survivor(
        r"TrafficCollapse \| (comparison|number|dropped): .*/ \((last_over_time\()?"
        + _USUAL
        + r"(<<> -> (>=|!=)>>| ><<0 -> 1>>|<<> 0 -> >>)",
        "Without usual traffic the ratio is no number below the bound; with one event a week ago nothing is evidence.",
    ),
    Survivor(
        r"TrafficCollapse \| comparison: .*(\+|or) \(?(last_over_time\()?" + _USUAL + r"<<> -> >=>>",
        "No count of events meets the bound exactly.",
    ),
    Survivor(
        r"TrafficCollapse \| comparison: .*slo:events:sum1h(\[15m\]\))?<<== -> <=>>", "Counts are never negative."
    ),
    Survivor(r"^run-success: RunSuccessBudgetBurn\w+ \| number: .*>=<<3 -> 2\.7>>", "Errors are whole numbers."),
    Survivor(
        r"^tool-calls: ToolCallsBudgetBurn\w+ \| (comparison|dropped): .*/ \((last_over_time\()?slo:events:sum\w+"
        r"(\[15m\]\))?(<<> -> (>=|!=)>>|<<> 0 -> >>)",
        "Without events there are no errors, and 0 / 0 is above nothing.",
    ),
    Survivor(
        r"^tool-calls: ToolCallsBudgetBurn(Fast \| number: .*sum1h|Sustained \| number: .*sum6h|Slow \| number: .*sum1d"
        r"\[15m\]\)|Chronic \| number: .*sum3d\[15m\]\)) ><<0 -> 1>>",
        "One event in the long window is no evidence.",
    ),
    Survivor(
        r"^conversation: ConversationTrafficCollapse \| function: .*<<max_over_time -> \w+>>",
        "Maintenance is there or not, whatever its value.",
    ),
    Survivor(
        r"^tool-calls: ToolCallsBudgetBurn\w+ \| comparison: .*slo:errors:evidence\w+(\[15m\]\))?<<> -> >=>>",
        "No count of errors meets the bound exactly.",
    ),
    Survivor(r"^watchbill-health: .*\| comparison: .*<<> -> !=>>", "Increases are never negative."),
    Survivor(
        r"^watchbill-health: .*\| function: .*<<(sum -> (avg|max)|increase -> rate)>>",
        "Of increases, which are never negative, the sum, the mean, the greatest and their rate are above 0 together.",
    ),
)

RANGES = (
    Survivor(
        r": slo:errors:evidence\w+ \| longer range: .*last_over_time\(slo:(errors|events):sum\w+<<\[15m\] -> ",
        "Either sum is read more than once and needed each time; the other reads end first.",
    ),
    Survivor(
        r"BudgetBurn\w+ \| longer range: .*slo:error_budget:events<<\[1h\] -> ",
        "Two conditions read the budget; the other read ends first.",
    ),
    Survivor(
        r"^run-success: RunSuccessBudgetBurn(Slow|Chronic) \| longer range: .*slo:errors:sum(1d|3d)<<\[15m\] -> ",
        "With a least number of errors two conditions read the long window; the other read ends first.",
    ),
    Survivor(
        r"TrafficCollapse \| longer range: .*slo:events:sum1h<<\[15m\] -> ",
        "Both conditions read either hour; the other reads end first.",
    ),
    Survivor(
        r"^tool-calls: ToolCallsBudgetBurn\w+ \| longer range: .*slo:errors:evidence\w+<<\[15m\] -> ",
        "Evidence is made of the sums that the alert reads too: it ends no sooner than they do.",
    ),
    Survivor(
        r"\| shorter range: .*<<\[(5m|15m|1h)\] -> \[(4m|14m|59m)59s999ms\]>>",
        "Whether a range holds a sample at its very end differs between 2.x and 3.x: no test of both may ask.",
    ),
    Survivor(
        r"^tool-calls: ToolCallsBudgetBurn\w+ \| shorter range: .*slo:errors:evidence\w+<<\[15m\] -> ",
        "Needs evidence that ends before the sums it is made of: a rule that fails.",
        equivalent=False,
    ),
    Survivor(
        r"^conversation: ConversationTrafficCollapse \| shorter range: .*<<\[65m:1m\] -> \[65m:30s\]>>",
        "Whoever looks more often sees no less, and a gauge that is shown for less than a minute is no announcement.",
    ),
)

PERIODS = (
    Survivor(
        r": slo_period:\S+ \| arithmetic: .*<<\* -> />>",
        "The number of the period is a label; the value is how many periods there are now: one.",
    ),
    Survivor(
        r": slo:(events|errors):sum_period \| longer range: ",
        "Tiles of other periods are left out, and numbers of periods repeat later than any range here reaches.",
    ),
    Survivor(
        r"^checkpoint-backup: slo:(time_period:days|error_budget:events) \| comparison: "
        r".*(bool 2\) - \(ceil\(month\(vector\(time\(\) - 1\)\) / 3\)|year\(\) % 4)<<== -> <=>>",
        "No quarter is before the first, and no remainder below 0.",
    ),
    Survivor(
        r"\| number: .*vector\(time\(\) -<<1 -> (0\.5|0\.9|1\.1|2)>>",
        "Tiles are read five seconds late: all these moments lie between the end of the tile and now.",
    ),
    Survivor(
        r"^checkpoint-backup: slo\S+ \| number: .*month\(vector\(time\(\) - 1\)\) /<<3 -> 3\.3>>",
        "Months 1 to 12 have the same quarters, rounded up.",
    ),
    Survivor(
        r": slo:(events|errors):sum_period \| function: <<sum -> (avg|max|min)>>",
        "One series a label set is left, that of the current period; `sum` is there to drop its label.",
    ),
    Survivor(
        r"^tool-calls: slo:error:ratio5m \| function: .* or<<sum_over_time -> (avg|max|min|last)_over_time>>",
        "Counts are all 0 if their sum is, and where it is not, the branch before this one has the series.",
    ),
    Survivor(
        r"^tool-calls: slo:error:ratio5m \| (comparison: .*<<== -> (<=|>=)>>|dropped: .*<<== 0 -> >>"
        r"|metric: .* or sum_over_time\(<<slo:events)",
        "Without events there are no errors either; with some, the branch before this one has the series.",
    ),
)

WATCH = (
    Survivor(r"^watchbill-watch: \w+Watchdog \| number: vector\(<<1 -> ", "Whatever its value is, it fires."),
    Survivor(r"^watchbill-watch: \w+TargetsDown \| comparison: .*\(up<<== -> >=>>", "`up` is 0 or 1."),
)

DEAR = (
    Survivor(
        r"TrafficCollapse \| for: x(0\.5|2)$",
        "Needs a week at a pace below 15 minutes: 700 evaluations, two seconds of promtool for each objective.",
        equivalent=False,
    ),
)

_COPIES = r"(\w+(RecoveryPointLate|Backup\w+|Repository\w+|NeverRestored|Restore\w+)|recovery:\S+)"

RECOVERY = (
    Survivor(
        rf": {_COPIES} \| label: without (env|service|recovery)$",
        "The series read carry these labels already; rules write them out so that each can be read by itself.",
    ),
    Survivor(
        r": (recovery:(locked:state|check:timestamp_seconds)|\w+NeverRestored) \| function: .*<<last_over_time -> ",
        "Whether there is one is asked, not which.",
    ),
    Survivor(
        r": (recovery:restore_lost:seconds|\w+RestoreTooSlow) \| comparison: .*recovery:restore:success(\[1h\]\))?"
        r"<<== -> >=>>",
        "A test went well or not: 1 or 0.",
    ),
    Survivor(r": \w+(BackupFailing|RestoreTestFailing) \| comparison: .*<<== -> <=>>", "It went well or not: 1 or 0."),
    Survivor(
        r": \w+(RepositoryLocked|BackupMissing) \| comparison: .*recovery:locked:state\[\w+\]\)<<== -> >=>>",
        "Locked or not: 1 or 0.",
    ),
    Survivor(
        r": \w+RepositoryLocked \| function: .*<<(min_over_time -> avg_over_time|count_over_time -> sum_over_time)>>",
        "The mean of ones and zeros is 1 where all are 1, and then their sum is their number.",
    ),
    Survivor(r": \w+RestoreMismatch \| comparison: .*<<> -> !=>>", "Counts are never negative."),
)

_UP = r": budget:\w+:increase30s \| "
BUDGETS = (
    Survivor(
        r": (budget|budget_period):\S+ \| label: without (env|service|budget)$",
        "The series read carry these labels already; rules write them out so that each can be read by itself.",
    ),
    Survivor(
        r"^(model-spend|model-calls|sandbox-minutes): [A-Z]\w+ \| label: without (env|service|budget)$",
        "The series read carry these labels already.",
    ),
    Survivor(_UP + r"comparison: .*max_over_time\(up\[30m\] offset 40s\)<<== -> (>=|>)>>", "`up` is 0 or 1."),
    Survivor(
        r": budget(_period)?:seen:timestamp_seconds \| (function|no grouping): ",
        "The value is taken times 0: any sample will do.",
    ),
)

CAPACITY = (
    Survivor(
        r": ((queue|store|pool|fanout):\S+|(RunQueue|CheckpointStore|Sandboxes|NightlyFanOut)\w+)"
        r" \| label: without (env|service|capacity)$",
        "The series read carry these labels already; rules write them out so that each can be read by itself.",
    ),
    Survivor(
        r"^run-queue: (queue:\S+|RunQueueNoWorkers) \| comparison: .*(_seconds|_count\[30m\]\)\)|:sum)<<> -> !=>>",
        "Times, rates and counts are never negative.",
    ),
    Survivor(
        r"^checkpoint-store: store:newest_write_age_seconds:min \| comparison: .*_seconds<<> -> !=>>",
        "Times are never negative.",
    ),
    Survivor(
        r"^sandboxes: pool:(oldest_age_seconds:max|saturation:ratio) \| comparison: .*(_seconds|:sum)<<> -> !=>>",
        "Times and counts are never negative.",
    ),
    Survivor(
        r"^nightly-fan-out: fanout:(service_seconds:mean1d|last_fired_age_seconds:min|drain_seconds:estimate)"
        r" \| comparison: .*(_seconds|_count\[1d\]\)\)|:sum)<<> -> !=>>",
        "Times, rates and counts are never negative.",
    ),
    Survivor(
        r"^sandboxes: pool:\w+:increase30s \| comparison: .*\(up\[30m\] offset 40s\)<<== -> >=>>( #2)?$",
        "`up` is 0 or 1.",
    ),
    Survivor(
        r"^sandboxes: pool:\w+_errors:increase30s \| function: .* or<<sum -> \w+>>",
        "The zero branch: zeros stay zero whatever adds them up.",
    ),
    Survivor(
        r"^sandboxes: Sandboxes(SlowStarts|FailedStarts|OutOfMemory) \| comparison: .*:sum1h<<> -> >=>>$",
        "The evidence of whole counts is never the very bound.",
    ),
    Survivor(
        r"^sandboxes: pool:slow_starts_errors:increase30s \| no function: <<clamp_min",
        "Needs a scrape that sees a fast start before its total; histories are what a target can expose at one moment.",
        equivalent=False,
    ),
)

SURVIVORS = (*LABELS, *TILES, *BOUNDS, *RANGES, *PERIODS, *WATCH, *BUDGETS, *CAPACITY, *RECOVERY, *DEAR)
