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
    Survivor(
        r"^sandbox-minutes: .* \| function: .*(/|> 0\.0006666666667 \*)<<last_over_time -> (avg|max|min)_over_time>>",
        "An allowance is the same at any time.",
    ),
    Survivor(
        r"^sandbox-minutes: .* \| longer range: .*budget:allowance:amount<<\[15m\] -> ",
        "An allowance of a map is recorded at each evaluation: a longer look back finds the same.",
    ),
    Survivor(
        r"^sandbox-minutes: .* \| shorter range: .*budget:allowance:amount<<\[15m\] -> ",
        "Needs an allowance that misses an evaluation: a rule that fails.",
        equivalent=False,
    ),
    Survivor(
        r": budget:spend:log_ratio \| longer range: .*budget:spend:level1h<<\[15m\] -> ",
        "The mean hour is read twice and needed each time; the other read ends first.",
    ),
    Survivor(
        r": budget:spend:log_ratio \| comparison: .*budget:spend:level1h\[15m\]\)<<> -> !=>>",
        "What is spent is never negative.",
    ),
    Survivor(
        r": budget:pace:ratio \| (comparison: .*budget:planned:ratio\[15m\]\)<<> -> (>=|!=)>>"
        r"|dropped: .*budget:planned:ratio\[15m\]\)<<> 0 -> >>)",
        "Only a plan without weekends comes to 0 once a horizon was watched, in a month that begins with one.",
    ),
    Survivor(
        r": budget:pace:ratio \| longer range: .*budget:planned:ratio<<\[15m\] -> ",
        "The plan is made of what was watched, which the pace reads too: it ends no sooner.",
    ),
    Survivor(
        r": (budget:(pace|forecast):ratio|\w+ExhaustionSoon) \| comparison: .*budget:elapsed:days\[15m\]\)<<>= -> >>>",
        "The bound is a rounded fraction of a day: no evaluation is just that late.",
    ),
    Survivor(
        r"^model-spend: budget:(pace|forecast):ratio \| function: .*(/|-) scalar\(<<last_over_time -> max_over_time>>",
        "Within a month the plan only grows, and nothing is told of its first hour.",
    ),
    Survivor(
        r": (\w+Burn(Fast|Sustained|Slow)|\w+LimitBurn\w+) \| comparison: .*<<>= -> >>>",
        "A share of the allowance is the very bound only by chance of rounding.",
    ),
    Survivor(
        r": \w+(ForecastExceeds|LimitForecast\w+|LimitPace\w+) \| comparison: .*:ratio\[15m\]\)<<> -> >=>>",
        "A forecast or a pace is the very bound only by chance of rounding.",
    ),
    Survivor(
        r": \w+ExhaustionSoon \| longer range: .*budget:exhaustion:seconds<<\[15m\] -> ",
        "Two conditions read the time left; the other read ends first.",
    ),
    Survivor(
        r": \w+ExhaustionSoon \| (number: .*budget:exhaustion:seconds\[15m\]\) ><<0 -> 1>>"
        r"|comparison: .*budget:exhaustion:seconds\[15m\]\)<<> -> !=>>)",
        "It is never negative, and no budget's last second is told apart.",
    ),
    Survivor(
        r": \w+Anomaly \| (function|metric|longer range|dropped): (<<exp\(|exp\((last_over_time\()?(<<|\S+<<))",
        "The first condition only lends the alert its value, which the summary tells: scenarios ask whom it fires for.",
        equivalent=False,
    ),
    Survivor(
        r": \w+Anomaly \| longer range: .*budget:spend:log_ratio(_median7d|_sigma7d)?<<\[15m\] -> ",
        "What is made of log ratios outlives them, and they are read more than once: the other read ends first.",
    ),
    Survivor(
        r": \w+Anomaly \| comparison: .*(_median7d|:baseline)\[15m\]\)<<> -> >=>>",
        "An hour is the very bound only by chance of rounding.",
    ),
    Survivor(
        r": budget:weekend:(elapsed_)?days \| .*(day_of_month\(vector\(time\(\) - 1\)\) -<<1 -> 1\.1>>"
        r"|time\(\) - 1\) (% 86400 /)?(%|/)?<<86400 -> (43200|95040|172800)>>|<<- -> \+>>|<<- 1 -> >>"
        r"|<<\+ vector\(time\(\) - 1\) % 86400 / 86400 -> >>|vector\(<<time\(\) - -> >>)( #\d)?$",
        "A period begins with a day, and the first of the two is rounded down to weeks: up to a day more is the same.",
    ),
    Survivor(
        r": budget:(plan|planned):\w+ \| longer range: "
        r".*budget:(elapsed:days|remaining:days|weekend:\w+|plan:ratio)<<\[15m\] -> ",
        "The clock is recorded at each evaluation: a longer look back finds the same.",
    ),
    Survivor(
        r": (budget:(pace|forecast):ratio|\w+(ForecastExceeds|ExhaustionSoon)) \| longer range: "
        r".*budget:(elapsed:days|remaining:days|plan:days)<<\[15m\] -> ",
        "The clock is recorded at each evaluation: a longer look back finds the same.",
    ),
    Survivor(
        r": (budget:\S+|\w+(ForecastExceeds|ExhaustionSoon)) \| shorter range: "
        r".*budget:(elapsed:days|remaining:days|weekend:\w+|plan:days|plan:ratio)<<\[15m\] -> ",
        "Needs a clock that misses an evaluation: a rule that fails.",
        equivalent=False,
    ),
    Survivor(
        r"^model-calls: budget:plan:(days|ratio) \| function: .*remaining:days\[15m\]\) - 0\.8 \*<<last_over_time -> "
        r"(avg|max|min)_over_time>>",
        "Each week has two days of weekend.",
    ),
    Survivor(
        r"^model-spend: budget:plan:(days|ratio) \| function: .*remaining:days\[15m\]\) - 0\.65 \*<<last_over_time -> "
        r"max_over_time>>",
        "Needs a month with fewer days of weekend than the one before: 8,900 evaluations to its begin.",
        equivalent=False,
    ),
    Survivor(
        r": \w+(ForecastExceeds \| function: .*scalar\(|ExhaustionSoon \| function: .*and on \(\))<<last_over_time -> "
        r"(sum|avg|max|min)_over_time>>",
        "What remains of a period changes by minutes within the range: telling takes the period's last evaluations.",
        equivalent=False,
    ),
    Survivor(
        r": \w+ExhaustionSoon \| comparison: .*budget:remaining:days\[15m\]\)<<> -> >=>>",
        "Evaluations fall a second off whole days.",
    ),
    Survivor(
        r"^model-calls: budget:planned:ratio \| function: .*<<last_over_time -> max_over_time>>",
        "Until the week ends the newest is the largest; telling takes a watched week's turn at every evaluation.",
        equivalent=False,
    ),
    Survivor(
        r": budget:forecast:ratio \| function: .*\* scalar\(<<last_over_time -> (avg|max|min)_over_time>>",
        "Within a month its days are the same, and nothing is told of its first hour.",
    ),
    Survivor(
        r": budget:forecast:ratio \| longer range: .*budget:planned:ratio<<\[15m\] -> ",
        "Needs a plan that ends while there is spending.",
        equivalent=False,
    ),
    Survivor(
        r": (budget:(planned|pace|forecast):ratio|\w+ForecastExceeds) \| no function: .*<<scalar\(",
        "Where groups share an allowance, or none is read, both sides have the same labels.",
    ),
    Survivor(
        r"^model-spend: (budget:(pace|forecast):ratio|\w+ExhaustionSoon|\w+SourcesDrift) \| "
        r"no matching: .*and<<on \(\) -> >>",
        "Groups share the allowance: both sides have the same labels.",
    ),
    Survivor(
        r"^model-spend: budget:spent:ratio \| no grouping: sum<<without \(agent\) -> >>",
        "The rule gives the labels that the sum would keep.",
    ),
    Survivor(
        r": budget_period:\S+ \| arithmetic: .*<<\* -> />>",
        "The number of the period is a label; the value is how many periods there are now: one.",
    ),
    Survivor(
        r": budget:(spend:sum_period|watched:days) \| (function: .*<<sum -> (avg|max|min)>>"
        r"|no grouping: .*sum<<without \(period\) -> >>)",
        "One series a label set is left, that of the current period; `sum` is there to drop its label.",
    ),
    Survivor(
        r": budget:spend:sum_period \| longer range: ",
        "Tiles of other periods are left out, and numbers of periods repeat later than any range here reaches.",
    ),
    Survivor(
        r": budget_period:(spend:increase5m|seen:timestamp_seconds) \| longer range: .*<<\[4m59s999ms\] -> \[5m\]>>",
        "Whether a range holds a sample at its very begin differs between 2.x and 3.x: no test of both may ask.",
    ),
    Survivor(
        r": budget_period:seen:timestamp_seconds \| longer range: .*<<\[4m59s999ms\] -> \[(9m59s998ms|29m59s999ms)\]>>",
        "Needs tiles that are late by just that: histories have them on time, or for hours not at all.",
        equivalent=False,
    ),
    Survivor(
        r": budget:allowance:amount \| function: 0 \*<<last_over_time -> ",
        "The value is taken times 0: any sample will do.",
    ),
    Survivor(r": budget:exhaustion:seconds \| comparison: .*<<> -> !=>>", "What is spent is never negative."),
    Survivor(
        r": \w+ \| shorter range: .*<<\[15m\] -> \[13m59s999ms\]>>",
        "Needs a sample of an age within that minute; only the hours of earlier weeks are given one.",
        equivalent=False,
    ),
    Survivor(r": \w+Unpriced \| comparison: .*<<> -> !=>>", "Counts are never negative."),
    Survivor(r": \w+PriceTableOld \| comparison: .*<<> -> >=>>", "Evaluations meet no age to the second."),
    Survivor(
        r": \w+SourcesDrift \| comparison: .*:sum1d\[15m\]\)\)<<> -> >=>>",
        "The larger of two equal ones is either.",
    ),
    Survivor(
        r": \w+SourcesDrift \| (function|longer range|shorter range|for): ",
        "Sums of a day are recorded from tiles, and the alert asks for tiles of a day ago: both at the pace of rules "
        "take 300 evaluations more for each case.",
        equivalent=False,
    ),
    Survivor(
        r": \w+Anomaly \| shorter range: .*budget:spend:log_ratio_(median7d|sigma7d)<<\[15m\] -> ",
        "Needs a median or spread that misses an evaluation while there are log ratios: a rule that fails.",
        equivalent=False,
    ),
    Survivor(
        r"^model-calls: ModelCallsAnomaly \| longer range: .*budget:spend:sum1h<<\[15m\] -> ",
        "Needs an hour that goes missing while its log ratio does not, which is made of it: a rule that fails.",
        equivalent=False,
    ),
    Survivor(
        r"^model-calls: budget:spend:increase5m \| offset: .*offset<<5s -> 2s500ms>>",
        "Needs a tile that is late by that little; sums of the same tiles over longer windows are asked for it.",
        equivalent=False,
    ),
    Survivor(r": \w+CounterResets \| number: .*><<3 -> 3\.3>>", "A counter falls a whole number of times."),
    Survivor(
        r"^model-spend: budget:counter:resets1h \| shorter range: ",
        "Needs an hour of raw samples, at the pace of scrapes.",
        equivalent=False,
    ),
    Survivor(
        r"^model-spend: budget:(compared:sum1d|unpriced:sum1h) \| offset: .*<<5s -> 10s>>",
        "Needs a tile that is recorded in the five seconds between, and tiles come every five minutes.",
        equivalent=False,
    ),
    Survivor(
        r": \w+Anomaly \| function: exp\(last_over_time\(budget:spend:log_ratio\[15m\]\)\) "
        r"and<<last_over_time -> max_over_time>>",
        "Needs a ratio that falls just below the bound while the cost of the hour stays as high as it was.",
        equivalent=False,
    ),
    Survivor(
        r"^model-calls: budget:spend:baseline \| (function: .*<<last_over_time -> min_over_time>>|longer range: )",
        "The median of four weeks hides one that is told too low, or from too far back.",
        equivalent=False,
    ),
    Survivor(
        r"^model-spend: ModelSpendUnpriced \| longer range: ",
        "Needs a sum of tokens without a price that is not recorded any more: a rule that fails.",
        equivalent=False,
    ),
    Survivor(r"^model-spend: ModelSpendPriceTableOld \| for: x0\.5$", "Needs half a pause of hours.", equivalent=False),
    Survivor(
        r"^model-spend: ModelSpendSourcesDrift \| metric: .*<<budget:compared:increase5m -> budget:compared:sum1d>>",
        "Needs a day of the other counter that is recorded while its tiles are not.",
        equivalent=False,
    ),
    Survivor(
        r"^model-spend: budget:unpriced:increase5m \| record swapped with budget:compared:increase5m$",
        "Needs tokens without a price and a gateway's count in one history.",
        equivalent=False,
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
