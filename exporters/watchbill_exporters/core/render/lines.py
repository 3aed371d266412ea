"""What both formats share: values, labels, sample lines. 100,000 samples pass here at each scrape, so it is plain."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.samples import Sample


def number(value: Any) -> str:
    """Return a float as both formats read it; what exceeds a float is infinite."""
    if type(value) is not float:
        try:
            value = float(value)
        except OverflowError:
            value = float("inf") if value > 0 else float("-inf")
    if isfinite(value):
        return repr(value)
    return "NaN" if isnan(value) else "+Inf" if value > 0 else "-Inf"


class Escaped(dict[str, str]):
    """Label values -> escaped ones. Made anew for each page, for most values of a page come again and again."""

    def __missing__(self, value: str) -> str:
        escaped = str(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
        self[value] = escaped
        return escaped


def help_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def plain(samples: Iterable[Sample], escaped: Escaped) -> list[str]:
    """Return the lines of samples, without what follows the value."""
    out = []
    for sample in samples:
        labels = sample.labels
        if labels:
            inner = ",".join([f'{name}="{escaped[value]}"' for name, value in labels.items()])
            out.append(f"{sample.name}{{{inner}}} {number(sample.value)}")
        else:
            out.append(f"{sample.name} {number(sample.value)}")
    return out
