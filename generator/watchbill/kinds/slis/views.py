"""What an SLI kind needs to know to bring panels of its own, and how panels spell selectors and legends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from watchbill.kinds.slis.base import Sli
    from watchbill.promql import Selector

MAX_CAUSES = 4
RATE = "[$__rate_interval]"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~])")


@dataclass(frozen=True, slots=True)
class View:
    """Where the panels land, the page that explains them, and the labels that tell causes apart (None: by default).

    `slow` is the interval, ms, at which slow tiles are recorded.
    """

    boards: tuple[str, ...]
    runbook: str
    causes: tuple[str, ...] | None
    service: str
    slow: int

    def level(self, key: str, title: str, about: str, form: Form = Form.LINES) -> Panel:
        """Return a panel, as yet without queries, that shows how good it is."""
        return Panel(key, title, about, form, Row.LEVEL, self.boards, runbook=self.runbook, width=12, height=8)


def variable_matcher(label: str, *, missing: bool = False) -> str:
    """Return the matcher that keeps what the variable of a label chooses; `missing`: and series without the label."""
    return f'{label}=~"${conventions.variable(label)}{"|" if missing else ""}"'


def chosen(sli: Sli, selector: Selector) -> str:
    """Return a selector of input series, narrowed by allow-lists and by the board's variables.

    What looks like a variable in the spec's own matchers (a regex that ends in `$`) is spelled so that Grafana does not
    take it for one.
    """
    own = (str(m).replace("$", "\\x24") for m in sli.narrowed(selector).matchers)
    inside = ",".join((*own, *(variable_matcher(n) for n in sli.group_names)))
    return f"{selector.metric}{{{inside}}}" if inside else selector.metric


def grouped(function: str, sli: Sli, inner: str, *more: str) -> str:
    """Return an aggregation by the group labels and more."""
    by = ", ".join((*more, *sli.group_names))
    return f"{function} by ({by}) ({inner})" if by else f"{function}({inner})"


def legend(names: tuple[str, ...]) -> str:
    """Return what tells groups apart in a legend."""
    return " ".join(f"{{{{{name}}}}}" for name in names)


def limit(value: str, words: str) -> Query:
    """Return the line that a limit is drawn as."""
    return Query("limit", f"vector({value})", words, reference=True)


def causes(view: View, labels: tuple[str, ...], expr: str, what: str) -> tuple[Panel, ...]:
    """Return a panel for each label that may tell causes apart; `{label}` stands for it in `expr`."""
    return tuple(
        Panel(
            key=f"causes-{label}",
            title=f"{what} by {label}",
            about=f"{what} per second by {label}, straight from the input metrics. What grew when the trouble began?",
            form=Form.LINES,
            row=Row.CAUSES,
            boards=view.boards,
            queries=(Query("causes", expr.replace("{label}", label), f"{{{{{label}}}}}"),),
            measure=Measure.PER_SECOND,
            thresholds=(Threshold(None, State.NEUTRAL),),
            empty=f"no {what.lower()}",
            runbook=view.runbook,
            width=12,
            height=8,
            stacked=True,
            least=0,
        )
        for label in labels[:MAX_CAUSES]
    )


def quantiles(view: View, histogram: str, by: tuple[str, ...], threshold: float, unit: Measure) -> Panel:
    """Return the quantiles of a histogram with its threshold; `histogram` is the selector of what `rate` reads."""
    shown = f"sum by ({', '.join(by)}) (rate({histogram}{RATE}))" if by else f"sum(rate({histogram}{RATE}))"
    return Panel(
        key="quantiles",
        title="Quantiles and the threshold",
        about="Of all chosen groups together, estimated inside the histogram's buckets; the objective itself counts "
        "events and estimates nothing.",
        form=Form.LINES,
        row=Row.LEVEL,
        boards=view.boards,
        queries=(
            *(
                Query(f"p{q}", f"histogram_quantile({q / 100:g}, {shown})", f"p{q}", exemplars=q == 99)
                for q in (50, 90, 99)
            ),
            limit(f"{threshold:.10g}", "threshold"),
        ),
        measure=unit,
        thresholds=(Threshold(None, State.GOOD), Threshold(threshold, State.BAD)),
        empty="no events",
        runbook=view.runbook,
        traces=True,
        width=12,
        height=8,
        logarithmic=True,
    )


def heatmap(view: View, expr: str, threshold: float, unit: Measure) -> Panel:
    """Return how events spread over the buckets of a histogram."""
    return Panel(
        key="heatmap",
        title="How long events took",
        about="Events per second in each bucket. Two bands are two kinds of events: look for what sets them apart.",
        form=Form.HEATMAP,
        row=Row.LEVEL,
        boards=view.boards,
        queries=(Query("buckets", expr, "{{le}}", exemplars=True),),
        measure=unit,
        thresholds=(Threshold(None, State.GOOD), Threshold(threshold, State.BAD)),
        empty="no events",
        runbook=view.runbook,
        traces=True,
        width=12,
        height=8,
    )


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


__all__ = [
    "RATE",
    "View",
    "causes",
    "chosen",
    "grouped",
    "heatmap",
    "legend",
    "limit",
    "plain",
    "quantiles",
    "variable_matcher",
]
