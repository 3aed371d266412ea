"""The text format 0.0.4: no exemplars; what only OpenMetrics has becomes gauges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.render.lines import Escaped, help_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric
    from prometheus_client.samples import Sample

_TYPES = {"info": "gauge", "stateset": "gauge", "gaugehistogram": "histogram", "unknown": "untyped"}
_SUFFIXES = {"counter": "_total", "info": "_info"}
_APART = ("_created", "_gcount", "_gsum")


def render(families: Iterable[Metric]) -> str:
    out: list[str] = []
    escaped = Escaped()
    for family in families:
        text = help_text(family.documentation)
        name = family.name + _SUFFIXES.get(family.type, "")
        samples, apart = _split(family)
        _block(out, name, text, _TYPES.get(family.type, family.type), samples, escaped)
        for suffix, rest in apart.items():
            _block(out, family.name + suffix, text, "gauge", rest, escaped)
    out.append("")
    return "\n".join(out)


def _block(out: list[str], name: str, text: str, kind: str, samples: list[Sample], escaped: Escaped) -> None:
    out += (f"# HELP {name} {text}", f"# TYPE {name} {kind}")
    lines = plain(samples, escaped)
    if any(sample.timestamp is not None for sample in samples):
        stamps = (f" {int(float(s.timestamp) * 1000)}" if s.timestamp is not None else "" for s in samples)
        lines = [line + stamp for line, stamp in zip(lines, stamps, strict=True)]
    out += lines


def _split(family: Metric) -> tuple[list[Sample], dict[str, list[Sample]]]:
    names = {sample.name for sample in family.samples}
    found = [suffix for suffix in _APART if family.name + suffix in names]
    if not found:
        return family.samples, {}
    apart = {suffix: [s for s in family.samples if s.name == family.name + suffix] for suffix in found}
    left = {family.name + suffix for suffix in found}
    return [sample for sample in family.samples if sample.name not in left], apart
