"""Specs that are almost right: valid ones with pieces changed, dropped, doubled and swapped."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

KEYS = [
    "watchbill", "service", "owner", "targets", "prometheus", "labels", "routing", "limits", "slos", "name", "title",
    "objective", "window", "sli", "kind", "total", "bad", "good", "by", "alerting", "tiers", "ladder", "within",
    "budget", "recheck", "severity", "low_traffic", "maintenance", "metric", "every", "histogram", "gauge", "of", "slo",
    "recovery", "source", "job", "repositories", "rpo", "rto", "backup_every", "failing_for", "shrink", "locked_for",
    "check_every", "restore_test_every", "seen_within", "metrics", "last_success", "refresh",
    "weight", "weighting", "on_no_data", "on_no_traffic", "traffic_collapse", "<<", "events", "query", "each", "q",
    "budgets", "counter", "allowance", "per", "plan", "weekends", "limits", "when", "fan_out", "anomaly_floor",
    "unpriced", "price_table", "timestamp", "compare_with", "tolerance", "alerts", "new_series", "causes", "other",
    "capacity", "queue", "wait", "drain_within", "delayed", "run_within", "arrivals_over", "ready", "slots",
    "schedules", "zone", "jobs", "schedule", "run_time", "expect_slots", "ahead", "grace", "pool", "saturation",
    "start", "bounds", "longest", "sandboxes", "store", "bytes", "limit", "warn_before", "page_before",
    "page_above", "guard", "trend", "writes", "timestamp", "failures", "job",
]  # fmt: skip
WORDS = [
    "", "a", "api", "A b", "30d", "1ms", "999999999999y", "0s", "-5m", "1h30m", "month", "quarter", "99.9", "100", "-1",
    "0.0000001", "1e400", "nan", "2%", "100%", "0%", "off", "page", "bad", "good", "time", "up", 'up{job="a"}', "2.42",
    "x_total", 'x{a=~"("}', 'x{a=~"(?i)b"}', "x[5m]", "sum(x)", "{}", "{{ $labels.x }}", "< 2.5", ">= -1e300", "3.5",
    "Sa 02:00-04:00", "no", "~", "<<", "*a", "&a", "!!str", "\U0001f600", "\u2028", "a\nb", "\t", "'", '"', "\\", "le",
    "recovery", "backups", "36h", "near", 'backup_x{repository="a"}', "without", "inf", "bool", "0E0",
    "ratio", "composite", "sum(increase(x_total[{window}]))", "sum by (a) (rate(x_total[{window}]))", "{window}", "slo",
    "7 usd", "2.5M", "7 GB each", "day", "week", "3d", "weekly", "linear", "pace > 150%", "burn fast", "spent >= 0.01%",
    "queue", "fanout", "pool", "store", "500GB", "1B", "0GB", "9999999999PB", "0 2 * * *", "*/7 * * * *", "* * 31 2 *",
    "1-59/60 0 1 jan 7", "Europe/Berlin", "posix", "85%", "0.0001%",
]  # fmt: skip
LEAVES = (
    st.sampled_from(WORDS)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.text(max_size=20)
    | st.sampled_from([0, 1, -1, 7, 50, 99.9, 100, 10**18, 1e-9, 1e308])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), inner, max_size=5)
    ),
    max_leaves=15,
)


def paths(node: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of a spec."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [here, *(p for key, value in items for p in paths(value, (*here, key)))]


@st.composite
def mutated(draw: st.DrawFn, spec: Any) -> Any:
    """Return the spec with one to three of its parts replaced, dropped, renamed or copied elsewhere."""
    out = copy.deepcopy(spec)
    for _ in range(draw(st.integers(1, 3))):
        choices = [p for p in paths(out) if p]
        if not choices:
            break
        path = draw(st.sampled_from(choices))
        parent = out
        for key in path[:-1]:
            parent = parent[key]
        how = draw(st.sampled_from(["replace", "replace", "word", "drop", "copy", "rename"]))
        if how == "drop":
            del parent[path[-1]]
        elif how == "copy":
            source = out
            for key in draw(st.sampled_from(choices)):
                source = source[key]
            parent[path[-1]] = copy.deepcopy(source)
        elif how == "rename" and isinstance(parent, dict):
            parent[draw(st.sampled_from(KEYS))] = parent.pop(path[-1])
        else:
            parent[path[-1]] = draw(st.sampled_from(WORDS) if how == "word" else TREES)
    return out
