"""OpenMetrics 1.0, with exemplars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.render.lines import Escaped, number, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric
    from prometheus_client.samples import Exemplar, Sample

LONGEST_EXEMPLAR = 128  # characters of its label names and values, by the specification
_WITH_EXEMPLARS = {"counter": "_total", "histogram": "_bucket", "gaugehistogram": "_bucket"}


def render(families: Iterable[Metric]) -> str:
    out: list[str] = []
    escaped = Escaped()
    for family in families:
        name = family.name
        out += (f"# HELP {name} {escaped[family.documentation]}", f"# TYPE {name} {family.type}")
        if family.unit:
            out.append(f"# UNIT {name} {family.unit}")
        lines = plain(family.samples, escaped)
        if any(s.exemplar is not None or s.timestamp is not None for s in family.samples):
            suffix = _WITH_EXEMPLARS.get(family.type, "\n")
            lines = [
                line + _rest(sample, escaped, exemplars=sample.name.endswith(suffix))
                for line, sample in zip(lines, family.samples, strict=True)
            ]
        out += lines
    out += ("# EOF", "")
    return "\n".join(out)


def _rest(sample: Sample, escaped: Escaped, *, exemplars: bool) -> str:
    rest = "" if sample.timestamp is None else f" {_stamp(sample.timestamp)}"
    if sample.exemplar is not None and exemplars:
        rest += _exemplar(sample.exemplar, escaped)
    return rest


def _exemplar(exemplar: Exemplar, escaped: Escaped) -> str:
    labels = exemplar.labels
    if sum(len(name) + len(value) for name, value in labels.items()) > LONGEST_EXEMPLAR:
        return ""
    inner = ",".join([f'{name}="{escaped[value]}"' for name, value in labels.items()])
    rest = "" if exemplar.timestamp is None else f" {_stamp(exemplar.timestamp)}"
    return f" # {{{inner}}} {number(exemplar.value)}{rest}"


def _stamp(timestamp: Any) -> str:
    """Return seconds: prometheus_client has floats and pairs of seconds and nanoseconds."""
    return str(timestamp) if hasattr(timestamp, "sec") else number(timestamp)
