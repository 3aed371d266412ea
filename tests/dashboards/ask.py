"""Runs what a dashboard would ask, as Grafana asks it: variables filled in, range or instant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab.api import Labels
from lab.demo_history import Demo

Json = dict[str, Any]
BUILT_IN = {"__rate_interval": "1m", "__interval": "1m", "__range": "1d"}
STEP = 300
_VALUES = re.compile(r"label_values\((.*), (\w+)\)")
_LEGEND = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Question:
    """One query of a panel; `labels` are those that its results must have."""

    panel: str
    key: str
    expr: str
    instant: bool
    labels: frozenset[str]


def questions(dashboard: Json) -> Iterator[Question]:
    for panel in dashboard["panels"]:
        keys = {target["refId"] for target in panel.get("targets", ())}
        for target in panel.get("targets", ()):
            labels = set(_LEGEND.findall(target["legendFormat"]))
            yield Question(
                panel["title"], target["refId"], target["expr"], target["instant"], frozenset(labels - {"__auto"})
            )
        assert keys or panel["type"] in {"row", "text"}, panel["title"]


def columns(panel: Json) -> set[str]:
    """The labels that a table shows."""
    organize = [t["options"] for t in panel.get("transformations", ()) if t["id"] == "organize"]
    return {name for one in organize for name in one["renameByName"] if not name.startswith("Value")}


def values(demo: Demo, dashboard: Json) -> dict[str, list[str]]:
    """What each variable offers."""
    found = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            match = _VALUES.fullmatch(variable["query"]["query"])
            assert match, variable
            selector, label = match.groups()
            rows = demo.server.query(f"count by ({label}) (last_over_time({selector}[1d]))", demo.now)
            found[variable["name"]] = sorted({labels[label] for labels, _ in rows if label in labels})
    return found


def everything(dashboard: Json, offered: Mapping[str, list[str]]) -> dict[str, str]:
    """What each variable stands for while "All" is chosen."""
    listed = dashboard["templating"]["list"]
    return {v["name"]: v.get("allValue") or f"({'|'.join(offered[v['name']])})" for v in listed if v["type"] == "query"}


def filled(expr: str, variables: Mapping[str, str]) -> str:
    """Fill in variables; `$1` is a regex's, and Grafana knows no such variable either."""
    return re.sub(r"\$([a-z_]\w*)", lambda m: {**BUILT_IN, **variables}[m[1]], expr)


def ask(demo: Demo, expr: str, *, instant: bool) -> list[Labels]:
    """Return the label sets of the answer."""
    if instant:
        return [labels for labels, _ in demo.server.query(expr, demo.now)]
    return [labels for labels, _ in demo.server.query_range(expr, demo.now - 86400, demo.now, STEP)]
