"""Any families prometheus_client can make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from prometheus_client import Metric
from prometheus_client.samples import Exemplar

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("counter", "gauge", "histogram", "summary", "info", "stateset", "unknown", "gaugehistogram")

texts = st.text(st.characters(codec="utf-8"), max_size=20)
label_names = st.sampled_from(["a", "agent", "Z_9", "_x", "model"])
labels = st.dictionaries(label_names, texts, max_size=3)
floats = st.floats() | st.integers(-(10**400), 10**400) | st.sampled_from([5e-324, 1.7976931348623157e308, -0.0, 1e22])
counts = st.floats(0, 1e300) | st.integers(0, 10**30)
times = st.floats(1, 4e9)
# prometheus_client's parser takes an escaped quote in an exemplar for its end; Prometheus reads it (test_prometheus.py)
unquoted = st.text(st.characters(codec="utf-8", exclude_characters='"\\'), max_size=8)
exemplars = st.none() | st.builds(Exemplar, st.dictionaries(label_names, unquoted, max_size=2), counts, times)


@st.composite
def families(draw: Callable[..., Any]) -> list[Metric]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    return [draw(_family(f"test_{i}_{kind}", kind)) for i, kind in enumerate(kinds)]


@st.composite
def _family(draw: Callable[..., Any], name: str, kind: str) -> Metric:
    family = Metric(name, draw(texts), kind)
    for row in draw(st.lists(labels, max_size=3, unique_by=lambda row: frozenset(row.items()))):
        _add(draw, family, row)
    return family


def _add(draw: Callable[..., Any], family: Metric, row: dict[str, str]) -> None:
    name = family.name
    match family.type:
        case "counter":
            family.add_sample(f"{name}_total", row, draw(counts), exemplar=draw(exemplars))
            if draw(st.booleans()):
                family.add_sample(f"{name}_created", row, draw(times))
        case "histogram":
            low, more = draw(st.integers(0, 99)), draw(st.integers(0, 99))
            family.add_sample(f"{name}_bucket", {**row, "le": "0.5"}, low, exemplar=draw(exemplars))
            family.add_sample(f"{name}_bucket", {**row, "le": "+Inf"}, low + more, exemplar=draw(exemplars))
            family.add_sample(f"{name}_count", row, low + more)
            family.add_sample(f"{name}_sum", row, draw(counts))
            family.add_sample(f"{name}_created", row, draw(times))
        case "gaugehistogram":
            family.add_sample(f"{name}_bucket", {**row, "le": "+Inf"}, 3, exemplar=draw(exemplars))
            family.add_sample(f"{name}_gcount", row, 3)
            family.add_sample(f"{name}_gsum", row, draw(counts))
        case "summary":
            family.add_sample(name, {**row, "quantile": "0.9"}, draw(counts))
            family.add_sample(f"{name}_count", row, draw(st.integers(0, 99)))
            family.add_sample(f"{name}_sum", row, draw(counts))
        case "info":
            family.add_sample(f"{name}_info", row, 1)
        case "stateset":
            family.add_sample(name, {**row, name: "on"}, draw(st.sampled_from([0, 1])))
        case _:
            family.add_sample(name, row, draw(floats))
