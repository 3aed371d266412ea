"""Reads pages back, with prometheus_client's parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.openmetrics.parser import text_string_to_metric_families as _openmetrics
from prometheus_client.parser import text_string_to_metric_families as _text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

# neither has annotations
parse_openmetrics: Callable[[str], Iterable[Metric]] = _openmetrics
parse_text: Callable[[str], Iterable[Metric]] = _text

Key = tuple[str, frozenset[tuple[str, str]]]


def values(text: str) -> dict[Key, float]:
    """Return every sample of a page in either format; a series that is there twice is an error."""
    parse = parse_openmetrics if text.endswith("# EOF\n") else parse_text
    out: dict[Key, float] = {}
    for family in parse(text):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in out, f"twice: {key}"
            out[key] = sample.value
    return out


def value(text: str, name: str, **labels: str) -> float | None:
    return values(text).get((name, frozenset(labels.items())))


def names(families: list[Metric]) -> set[str]:
    return {family.name for family in families}
