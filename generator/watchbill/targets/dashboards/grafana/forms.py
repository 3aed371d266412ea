"""How each form is drawn, with grafanalib's panels and what they lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grafanalib import core

from watchbill.model import Form, Measure
from watchbill.targets.dashboards import looks, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from watchbill.model import Panel, Plan

Json = dict[str, Any]
REDUCE = {"calcs": ["lastNotNull"], "fields": "", "values": False}
DASH = {"fill": "dash", "dash": [8, 6]}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A panel, its links, and the arguments that all of grafanalib's panels take."""

    panel: Panel
    plan: Plan
    links: tuple[Json, ...]
    common: Json

    def defaults(self, colour: str, **custom: Any) -> Json:
        """Return the field defaults: what is the same whatever the form."""
        panel = self.panel
        return {
            **looks.unit(panel.measure),
            "min": panel.least,
            "max": panel.most,
            "noValue": panel.empty,
            "color": {"mode": colour},
            "thresholds": looks.thresholds(panel.thresholds),
            "mappings": looks.mappings(panel.meanings),
            "links": list(self.links),
            "custom": custom,
        }

    def overlay(self, defaults: Json, options: Json, overrides: list[Json] | None = None) -> Json:
        """Return what grafanalib's panel is to be overlaid with."""
        return {"fieldConfig": {"defaults": defaults, "overrides": overrides or []}, "options": options}


def stat(one: Drawing) -> Any:
    """One number, or a few."""
    state = one.panel.measure is Measure.STATE
    instant = all(query.instant for query in one.panel.queries)
    options = {
        "colorMode": "background" if state else "value",
        "graphMode": "none" if instant else "area",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": REDUCE,
        "textMode": "value",
    }
    return core.Stat(**one.common, thresholds=[], extraJson=one.overlay(one.defaults("thresholds"), options))


def gauge(one: Drawing) -> Any:
    """Bars side by side."""
    options = {
        "displayMode": "basic",
        "minVizHeight": 16,
        "namePlacement": "left",
        "orientation": "horizontal",
        "reduceOptions": REDUCE,
        "showUnfilled": True,
        "valueMode": "color",
    }
    return core.BarGauge(**one.common, calc="lastNotNull", extraJson=one.overlay(one.defaults("thresholds"), options))


def lines(one: Drawing, style: str = "line") -> Any:
    """Series over time; references dashed, thresholds as lines where nothing else is the reference."""
    panel = one.panel
    references = [query for query in panel.queries if query.reference]
    marked = len(panel.thresholds) > 1 and not references
    defaults = one.defaults(
        "palette-classic",
        drawStyle=style,
        fillOpacity=25 if panel.stacked else 0 if style == "line" else 60,
        lineInterpolation="linear",
        lineWidth=1 if panel.stacked else 2,
        scaleDistribution={"type": "log", "log": 10} if panel.logarithmic else {"type": "linear"},
        showPoints="never",
        spanNulls=False,
        stacking={"mode": "normal" if panel.stacked else "none", "group": "A"},
        thresholdsStyle={"mode": "dashed" if marked else "off"},
    )
    options = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    overrides = [_reference(query.key) for query in references]
    return core.TimeSeries(**one.common, extraJson=one.overlay(defaults, options, overrides))


def bars(one: Drawing) -> Any:
    """Series over time, as bars."""
    return lines(one, "bars")


def _reference(key: str) -> Json:
    return {
        "matcher": {"id": "byFrameRefID", "options": key},
        "properties": [
            {"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}},
            {"id": "custom.lineStyle", "value": DASH},
            {"id": "custom.lineWidth", "value": 1},
            {"id": "custom.fillOpacity", "value": 0},
            {"id": "custom.stacking", "value": {"mode": "none", "group": "reference"}},
        ],
    }


def states(one: Drawing) -> Any:
    """States over time, a row for each series."""
    options = {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.8,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    defaults = one.defaults("thresholds", fillOpacity=80, lineWidth=0)
    return core.StateTimeline(**one.common, extraJson=one.overlay(defaults, options))


def heatmap(one: Drawing) -> Any:
    """Buckets over time."""
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {"mode": "scheme", "scheme": "Oranges", "fill": "dark-orange", "steps": 64, "exponent": 0.5,
                  "scale": "exponential", "reverse": False},
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "unit": looks.unit(one.panel.measure)["unit"]},
    }  # fmt: skip
    defaults = {**one.defaults("thresholds"), "unit": "cps", "custom": {}}
    return core.Heatmap(**one.common, options={}, extraJson=one.overlay(defaults, options))


def table(one: Drawing) -> Any:
    """Rows of all queries, joined by the labels that they share."""
    options, overrides, transformations = tables.parts(one.panel, one.plan)
    defaults = one.defaults("thresholds", align="auto", filterable=False, cellOptions={"type": "auto"})
    # Links of the data would make a link of every cell: the panel has them in its head, columns have their own.
    extra = {
        **one.overlay({**defaults, "links": []}, options, overrides),
        "transformations": transformations,
        "links": list(one.links),
    }
    return core.Table(**one.common, extraJson=extra)


def text(one: Drawing) -> Any:
    """Words, with the pages of the alerts."""
    base = one.plan.links.runbooks
    pages = [f"[{a}]({link['url']})" for a, link in tables.pages(one.panel, one.plan)] if base else []
    more = f"\n\nRunbook pages: {' · '.join(pages)}" if pages else ""
    options = {"mode": "markdown", "content": looks.literal(one.panel.text) + more}
    common = {key: value for key, value in one.common.items() if key != "dataSource"}
    return core.Text(
        **common, content="", extraJson={"fieldConfig": {"defaults": {}, "overrides": []}, "options": options}
    )


FORMS: Mapping[Form, Callable[[Drawing], Any]] = {
    Form.STAT: stat,
    Form.GAUGE: gauge,
    Form.LINES: lines,
    Form.BARS: bars,
    Form.TABLE: table,
    Form.STATES: states,
    Form.HEATMAP: heatmap,
    Form.TEXT: text,
}
