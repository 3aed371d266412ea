from __future__ import annotations

import gzip

import pytest
from prometheus_client import Metric

from watchbill_exporters.core import render
from watchbill_exporters.core.render.accept import wants_gzip, wants_openmetrics

PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "openmetrics"),
    [
        pytest.param(PROMETHEUS_2, True, id="Prometheus 2 gets OpenMetrics"),
        pytest.param(PROMETHEUS_3, True, id="Prometheus 3 gets OpenMetrics"),
        pytest.param(BROWSER, False, id="a browser gets text"),
        pytest.param("", False, id="no header gets text"),
        pytest.param("application/openmetrics-text;version=0.0.1", False, id="a version we do not speak gets text"),
        pytest.param("application/openmetrics-text", True, id="no version is any version"),
        pytest.param("application/openmetrics-text;q=0", False, id="q=0 is a refusal"),
        pytest.param("application/openmetrics-text;q=0.2, text/plain;q=0.5", False, id="the heavier one wins"),
        pytest.param("application/openmetrics-text;q=nonsense,,;;=", False, id="nonsense gets text"),
    ],
)
def test_the_format_is_the_one_the_scraper_prefers(accept: str, *, openmetrics: bool) -> None:
    assert wants_openmetrics(accept) is openmetrics


@pytest.mark.parametrize(
    ("encodings", "wanted"),
    [("gzip", True), ("deflate, GZIP;q=0.5", True), ("*", True), ("gzip;q=0, *", False), ("", False), ("br", False)],
)
def test_pages_are_compressed_for_those_who_ask(encodings: str, *, wanted: bool) -> None:
    assert wants_gzip(encodings) is wanted


def test_a_compressed_page_is_the_page() -> None:
    family = Metric("jobs", "Jobs.", "gauge")
    for number in range(101):
        family.add_sample("jobs", {"queue": f"q{number}"}, number)

    packed, plain = render.page([family], "", "gzip"), render.page([family])

    assert packed.encoding == "gzip"
    assert plain.encoding == ""
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 3
