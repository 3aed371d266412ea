"""Families of several targets become one page: merged by name, labelled, capped."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from prometheus_client import Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client.samples import Sample

_BOUNDS = {"histogram": "le", "gaugehistogram": "le", "summary": "quantile"}


def gauge(name: str, help_text: str, rows: Iterable[tuple[Mapping[str, str], float]] = ()) -> Metric:
    """Return a gauge; a row is (labels, value)."""
    return _family(name, help_text, "gauge", rows)


def counter(name: str, help_text: str, rows: Iterable[tuple[Mapping[str, str], float]] = ()) -> Metric:
    """Return a counter; the name ends in _total."""
    return _family(name.removesuffix("_total"), help_text, "counter", rows, suffix="_total")


def _family(
    name: str, help_text: str, kind: str, rows: Iterable[tuple[Mapping[str, str], float]], suffix: str = ""
) -> Metric:
    family = Metric(name, help_text, kind)
    for labels, value in rows:
        family.add_sample(name + suffix, dict(labels), value)
    return family


def labelled(family: Metric, labels: Mapping[str, str]) -> Metric:
    """Return the family with labels added to each sample; a label of the source wins."""
    if not labels:
        return family
    out = Metric(family.name, family.documentation, family.type, family.unit)
    out.samples = [sample._replace(labels={**labels, **sample.labels}) for sample in family.samples]
    return out


class Merger:
    """Adds up a page; what it leaves out is in `dropped`, by family."""

    def __init__(self, cap: float = math.inf) -> None:
        self.cap = cap
        self.dropped: dict[str, int] = {}
        self._families: dict[str, Metric] = {}
        self._seen: dict[str, set[tuple[str, frozenset[tuple[str, str]]]]] = {}

    def add(self, family: Metric) -> None:
        first = self._families.get(family.name)
        if first is None:
            merged = Metric(family.name, family.documentation, family.type, family.unit)
            merged.samples = self._capped(family, family.samples, 0)
            self._families[family.name] = merged
        elif first.type != family.type:
            self._drop(family, len(family.samples))
        else:
            fresh = self._without_duplicates(first, family)
            first.samples.extend(self._capped(family, fresh, len(first.samples)))

    def families(self) -> list[Metric]:
        return list(self._families.values())

    def _without_duplicates(self, first: Metric, family: Metric) -> list[Sample]:
        """Two targets may have the same series; Prometheus would refuse the page, so the later one is dropped."""
        seen = self._seen.get(family.name)
        if seen is None:
            seen = self._seen[family.name] = {_key(sample) for sample in first.samples}
        fresh = [sample for sample in family.samples if _key(sample) not in seen]
        seen.update(_key(sample) for sample in fresh)
        if len(fresh) < len(family.samples):
            self._drop(family, len(family.samples) - len(fresh))
        return fresh

    def _capped(self, family: Metric, samples: list[Sample], have: int) -> list[Sample]:
        """Keep whole label sets while they fit: half a histogram would be a wrong one."""
        if have + len(samples) <= self.cap:
            return list(samples)
        bound = _BOUNDS.get(family.type)
        out: list[Sample] = []
        for _, group in groupby(samples, key=lambda s: {k: v for k, v in s.labels.items() if k != bound}):
            whole = list(group)
            if have + len(out) + len(whole) <= self.cap:
                out += whole
            else:
                self._drop(family, len(whole))
        return out

    def _drop(self, family: Metric, count: int) -> None:
        self.dropped[family.name] = self.dropped.get(family.name, 0) + count


def _key(sample: Sample) -> tuple[str, frozenset[tuple[str, str]]]:
    return sample.name, frozenset(sample.labels.items())
