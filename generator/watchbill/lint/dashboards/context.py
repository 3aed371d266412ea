"""What the rules look at: one dashboard, its panels and queries, and what is known to exist beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from watchbill import promql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.diagnostics import Code
    from watchbill.lint.dashboards.positions import Located, Path

Json = dict[str, Any]
NO_DATA = frozenset({"row", "text", "dashlist", "news", "alertlist", "annolist", "welcome"})
"""Types of panels that show no query's result."""
_RANGE = re.compile(r"\[([^\]\[]*\$[^\]\[]*)\]")
_VARIABLE = re.compile(r"\$\{?\w+(?::\w+)?\}?")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`')
BUILT_IN = re.compile(r"__\w+|\d+|timeFilter|interval")


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding at a path of the dashboard; `panel` is the title of the panel it is in."""

    path: Path
    code: Code
    message: str
    hint: str = ""
    panel: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the dashboards: `counters` and `inputs` (of objectives) among `metrics`, and all uids.

    `metrics` None: nobody said what exists.
    """

    metrics: frozenset[str] | None = None
    counters: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()
    uids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel that is not a row, at its path."""

    path: Path
    data: Json

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.data.get("title") or "")

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.data.get("type") or "")

    @property
    def shows_data(self) -> bool:
        """Whether it shows results of queries."""
        return self.kind not in NO_DATA

    def says(self, code: Code, message: str, *path: str | int, hint: str = "") -> Finding:
        """Return a finding in the panel."""
        return Finding((*self.path, *path), code, message, hint, self.title)


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a panel: its text, and the AST of its PromQL with variables filled in (None: it has none)."""

    panel: Panel
    index: int
    data: Json
    text: str
    parsed: Any = None
    error: str = ""

    def says(self, code: Code, message: str, key: str = "expr", hint: str = "") -> Finding:
        """Return a finding in the query."""
        return self.panel.says(code, message, "targets", self.index, key, hint=hint)


@dataclass(frozen=True)
class Dashboard:
    """A dashboard of the classic model."""

    file: str
    located: Located
    known: Known = field(default_factory=Known)

    @property
    def data(self) -> Json:
        """The whole."""
        return self.located.value if isinstance(self.located.value, dict) else {}

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel, those in collapsed rows included."""
        return tuple(_panels(self.data, ()))

    @cached_property
    def variables(self) -> tuple[tuple[int, Json], ...]:
        """Template variables, numbered."""
        return tuple(_dicts(_at(self.data, "templating", "list")))

    @cached_property
    def annotations(self) -> tuple[tuple[int, Json], ...]:
        """Annotations, numbered, but Grafana's own."""
        return tuple((i, a) for i, a in _dicts(_at(self.data, "annotations", "list")) if not a.get("builtIn"))

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every query of every panel that has PromQL, parsed."""
        return tuple(q for panel in self.panels for q in _queries(panel) if not is_logs(panel.data, q.data))

    @cached_property
    def logs(self) -> tuple[Query, ...]:
        """Every LogQL query."""
        return tuple(q for panel in self.panels for q in _queries(panel) if is_logs(panel.data, q.data))


def parsed(text: str) -> tuple[Any, str]:
    """Return the AST of PromQL with Grafana's variables, and what is wrong with it."""
    try:
        return promql.parse(_plain(text)), ""
    except promql.PromqlError as exc:
        return None, str(exc)


def used_variables(text: str) -> Iterator[str]:
    """Yield the names of the variables in a text."""
    for match in re.finditer(r"\$(\w+)|\$\{(\w+)(?:\.[^:}]+)?(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]", text):
        yield match[1] or match[2] or match[3]


def is_logs(panel: Json, target: Json) -> bool:
    """Whether a query is one for Loki."""
    source = target.get("datasource") or panel.get("datasource")
    return isinstance(source, dict) and source.get("type") == "loki"


def _plain(text: str) -> str:
    """Fill in variables: a range is some range, what stands alone a number; inside strings they are text anyway."""
    text = _RANGE.sub(lambda m: "[5m:1m]" if ":" in _VARIABLE.sub("", m[1]) else "[5m]", text)
    parts, at = [], 0
    for match in _STRING.finditer(text):
        parts += [_VARIABLE.sub("1", text[at : match.start()]), match[0]]
        at = match.end()
    return "".join((*parts, _VARIABLE.sub("1", text[at:])))


def _panels(parent: Json, path: Path) -> Iterator[Panel]:
    for i, panel in _dicts(parent.get("panels")):
        here = (*path, "panels", i)
        if panel.get("type") == "row":
            yield from _panels(panel, here)
        else:
            yield Panel(here, panel)


def _queries(panel: Panel) -> Iterator[Query]:
    for i, target in _dicts(panel.data.get("targets")):
        text = target.get("expr")
        if isinstance(text, str) and text.strip():
            logs = is_logs(panel.data, target)
            ast, error = (None, "") if logs else parsed(text)
            yield Query(panel, i, target, text, ast, error)


def _at(data: Mapping[str, Any], *keys: str) -> Any:
    found: Any = data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _dicts(value: Any) -> Iterator[tuple[int, Json]]:
    return ((i, v) for i, v in enumerate(value if isinstance(value, list) else ()) if isinstance(v, dict))
