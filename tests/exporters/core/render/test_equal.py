"""Our renderers say what prometheus_client's do, for whatever can be in a family."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from prometheus_client import Metric
from prometheus_client.exposition import generate_latest as their_text
from prometheus_client.openmetrics.exposition import generate_latest as their_openmetrics
from prometheus_client.samples import Exemplar

from tests.exporters.core.render.strategies import families
from tests.exporters.pages import parse_openmetrics, parse_text
from watchbill_exporters.core import render

if TYPE_CHECKING:
    from collections.abc import Iterable

TRICKY = Metric("tricky", 'a\\b\n"c" \u2028 d', "gauge")
TRICKY.add_sample("tricky", {"a": '\\n\n"\\', "b": "\u2028\u0085\r\t\x0b,{}=# "}, math.nan)
TRICKY.add_sample("tricky", {"a": "\U0001f600"}, -math.inf)
TRICKY.add_sample("tricky", {"a": ""}, 10**400)


class Given:
    """A registry that holds just these."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = [_finite(family) for family in families]

    def collect(self) -> Iterable[Metric]:
        return self._families


def _finite(family: Metric) -> Metric:
    """Return the family with what overflows a float as the infinity we make of it: theirs raises."""
    out = Metric(family.name, family.documentation, family.type)
    for sample in family.samples:
        try:
            value = float(sample.value)
        except OverflowError:
            value = math.inf if sample.value > 0 else -math.inf
        out.samples.append(sample._replace(value=value))
    return out


def shown(families: Iterable[Metric]) -> list[Any]:
    return [(f.name, f.documentation, f.type, sorted((_sample(s) for s in f.samples), key=repr)) for f in families]


def _sample(sample: Any) -> Any:
    exemplar = sample.exemplar
    about = exemplar and (exemplar.labels, _number(exemplar.value), float(exemplar.timestamp or 0))
    return sample.name, sorted(sample.labels.items()), _number(sample.value), about


def _number(value: float) -> str:
    return repr(float(value))


@given(families())
@example([TRICKY])
@settings(max_examples=150, deadline=None)
def test_openmetrics_reads_back_as_what_prometheus_client_writes(given: list[Metric]) -> None:
    ours = render.OPENMETRICS.render(given)
    theirs = their_openmetrics(Given(given)).decode()  # type: ignore[no-untyped-call]

    assert shown(parse_openmetrics(ours)) == shown(parse_openmetrics(theirs))


@given(families())
@example([TRICKY])
@settings(max_examples=150, deadline=None)
def test_text_reads_back_as_what_prometheus_client_writes(given: list[Metric]) -> None:
    ours = render.TEXT.render(given)
    theirs = their_text(Given(given)).decode()

    assert shown(parse_text(ours)) == shown(parse_text(theirs))


def test_timestamps_are_milliseconds_in_text_and_seconds_in_openmetrics() -> None:
    family = Metric("old", "Old.", "gauge")
    family.add_sample("old", {}, 7, timestamp=1700000000.125)
    family.add_sample("old", {"a": "b"}, 11)

    assert "old 7.0 1700000000125\nold{a" in render.TEXT.render([family])
    assert "old 7.0 1700000000.125\nold{a" in render.OPENMETRICS.render([family])


def test_an_exemplar_longer_than_the_format_allows_is_left_out() -> None:
    family = Metric("calls", "Calls.", "counter")
    family.add_sample("calls_total", {}, 3, exemplar=Exemplar({"trace_id": "x" * 121}, 1.5))
    family.add_sample("calls_total", {"a": "b"}, 5, exemplar=Exemplar({"trace_id": "x" * 120}, 1.5))

    page = render.OPENMETRICS.render([family])

    assert "calls_total 3.0\n" in page
    assert 'calls_total{a="b"} 5.0 # {trace_id="' in page


def test_a_label_that_is_no_utf8_does_not_lose_the_page() -> None:
    family = Metric("files", "Files.", "gauge")
    family.add_sample("files", {"name": "caf\udce9"}, 3)

    assert render.page([family]).body.endswith(b'files{name="caf?"} 3.0\n')
