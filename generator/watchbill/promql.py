"""Small pure helpers over promql-parser: selectors are parsed, reasoned about and rendered, never pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import promql_parser

from watchbill import regexes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Labels = tuple[tuple[str, str], ...]
AggregateExpr = promql_parser.AggregateExpr
BinaryExpr = promql_parser.BinaryExpr
Call = promql_parser.Call
MatrixSelector = promql_parser.MatrixSelector
VectorSelector = promql_parser.VectorSelector

REPLACEMENT = "\ufffd"
"""Go's sign for bytes that are no UTF-8: Prometheus' lexer refuses the character itself, and takes its escape."""
LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


class Op(StrEnum):
    """Matcher operators, spelled as in PromQL."""

    EQ = "="
    NE = "!="
    RE = "=~"
    NRE = "!~"


_OPS = {"MatchOp.Equal": Op.EQ, "MatchOp.NotEqual": Op.NE, "MatchOp.Re": Op.RE, "MatchOp.NotRe": Op.NRE}


class PromqlError(ValueError):
    """The text is not the PromQL that is wanted there; the message says what is."""


@lru_cache(maxsize=65536)
def quote(value: str) -> str:
    """Return a PromQL string literal for any Unicode text."""
    if value.isprintable() and '"' not in value and "\\" not in value and REPLACEMENT not in value:
        return f'"{value}"'
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    escaped = escaped.replace("\r", "\\r")
    plain = (c if c.isprintable() and c != REPLACEMENT else "\\U" + format(ord(c), "08x") for c in escaped)
    return '"' + "".join(plain) + '"'


@dataclass(frozen=True, slots=True)
class Matcher:
    """One label matcher. A missing label is the empty string, as in Prometheus."""

    name: str
    op: Op
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the label set satisfies this matcher (regexes are anchored)."""
        have = labels.get(self.name, "")
        if self.op is Op.EQ:
            return have == self.value
        if self.op is Op.NE:
            return have != self.value
        return regexes.full_match(self.value, have) is (self.op is Op.RE)

    def __str__(self) -> str:
        """Return the matcher in PromQL."""
        return f"{self.name}{self.op.value}{quote(self.value)}"


@dataclass(frozen=True, slots=True)
class Selector:
    """An instant selector: a metric name and matchers, in the order written."""

    metric: str
    matchers: tuple[Matcher, ...] = ()

    def __str__(self) -> str:
        """Return the selector in PromQL."""
        inside = ",".join(str(m) for m in self.matchers)
        return f"{self.metric}{{{inside}}}" if inside else self.metric

    def where(self, extra: Iterable[Matcher]) -> Selector:
        """Return this selector with more matchers; ones it already has are not repeated."""
        return replace(self, matchers=(*self.matchers, *(m for m in extra if m not in self.matchers)))

    def named(self, metric: str) -> Selector:
        """Return the same matchers on another metric (`_bucket` and `_count` of one histogram)."""
        return replace(self, metric=metric)

    def on(self, names: Iterable[str]) -> tuple[Matcher, ...]:
        """Return the matchers on the given label names."""
        wanted = set(names)
        return tuple(m for m in self.matchers if m.name in wanted)

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether a series of this metric with these labels is selected."""
        return all(m.matches(labels) for m in self.matchers)

    def example(self, avoid: Selector | None = None, fixed: Mapping[str, str] | None = None) -> dict[str, str] | None:
        """Return labels this selector selects, and `avoid` does not; None where no try succeeds.

        `fixed` pins labels (group labels, instance). Shortest tries first, so examples read naturally.
        """
        pinned = dict(fixed or {})
        avoid = avoid if avoid is not None and avoid.metric == self.metric else None
        names = list(dict.fromkeys(m.name for m in (*self.matchers, *(avoid.matchers if avoid else ()))))
        return self._search([n for n in names if n not in pinned], pinned, avoid)

    def _search(self, names: list[str], labels: dict[str, str], avoid: Selector | None) -> dict[str, str] | None:
        tries = 0
        stack: list[tuple[int, dict[str, str]]] = [(0, labels)]
        while stack and tries < 2000:
            depth, current = stack.pop()
            tries += 1
            if depth == len(names):
                found = {k: v for k, v in current.items() if v}
                if self.matches(found) and not (avoid and avoid.matches(found)):
                    return found
                continue
            name = names[depth]
            own = [m for m in self.matchers if m.name == name]
            values = reversed(list(_candidates(name, (*own, *(avoid.on([name]) if avoid else ())))))
            fitting = (v for v in values if all(m.matches({name: v}) for m in own))
            stack.extend((depth + 1, {**current, name: value}) for value in fitting)
        return None


def _candidates(name: str, matchers: Iterable[Matcher]) -> Iterator[str]:
    """Yield values worth trying for a label: what equalities and regexes name first, then neutral words."""
    seen: set[str] = set()
    for matcher in matchers:
        values = [matcher.value] if matcher.op in {Op.EQ, Op.NE} else regexes.examples(matcher.value)
        for value in values:
            if value not in seen:
                seen.add(value)
                yield value
    for value in ("ok", "success", "200", "other", f"{name}-1", "1", ""):
        if value not in seen:
            seen.add(value)
            yield value


@lru_cache(maxsize=8192)
def parse_selector(text: str) -> Selector:
    """Return the selector written in `text`. Raises PromqlError where it is anything but a plain instant selector."""
    expr = parse(text)
    if not isinstance(expr, promql_parser.VectorSelector):
        message = f'{text!r} is an expression; a plain selector such as http_requests_total{{job="api"}} is wanted here'
        raise PromqlError(message)
    if expr.offset is not None or expr.at is not None:
        message = "a selector here takes no offset and no @: the rules set the time themselves"
        raise PromqlError(message)
    if expr.matchers.or_matchers:
        message = "matchers joined by 'or' are not PromQL that Prometheus accepts; use a regex: code=~\"a|b\""
        raise PromqlError(message)
    matchers = tuple(Matcher(m.name, _OPS[str(m.op)], m.value) for m in expr.matchers.matchers)
    metric = expr.name or next((m.value for m in matchers if m.name == "__name__" and m.op is Op.EQ), "")
    if not re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", metric):
        message = f"{text!r} names no metric; write the metric's name in front of the braces"
        raise PromqlError(message)
    for matcher in matchers:
        if not LABEL_NAME.fullmatch(matcher.name):
            message = f"'{matcher.name}' is no label name that every Prometheus accepts ([a-zA-Z_][a-zA-Z0-9_]*)"
            raise PromqlError(message)
    return Selector(metric, tuple(m for m in matchers if m.name != "__name__"))


def parse(text: str) -> Any:
    """Return promql-parser's AST. Raises PromqlError with its message in one line."""
    try:
        return promql_parser.parse(text)
    except ValueError as exc:
        message = f"not PromQL: {' '.join(str(exc).split())}"
        raise PromqlError(message) from None
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        message = "not PromQL that the parser can read"
        raise PromqlError(message) from None


def nodes(expr: Any) -> Iterator[Any]:
    """Yield every node of an AST, parents before children."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def children(node: Any) -> Iterator[Any]:
    """Yield the nodes right below one."""
    for attribute in ("expr", "lhs", "rhs", "param"):
        child = getattr(node, attribute, None)
        if child is not None and hasattr(child, "prettify"):
            yield child
    yield from getattr(node, "args", None) or ()


def selectors(expr: Any) -> Iterator[promql_parser.VectorSelector]:
    """Yield every vector selector of an AST, those inside range selectors included."""
    for node in nodes(expr):
        if isinstance(node, promql_parser.VectorSelector):
            yield node
        elif isinstance(node, promql_parser.MatrixSelector):
            yield node.vector_selector


def is_vector(expr: Any) -> bool:
    """Whether an expression gives an instant vector: no number, no text and no range."""
    if isinstance(expr, promql_parser.ParenExpr | promql_parser.UnaryExpr):
        return is_vector(expr.expr)
    if isinstance(expr, promql_parser.BinaryExpr):
        return is_vector(expr.lhs) or is_vector(expr.rhs)
    if isinstance(expr, promql_parser.Call):
        return expr.func.name not in {"scalar", "time", "pi"}
    return isinstance(expr, promql_parser.VectorSelector | promql_parser.AggregateExpr)


def outer_labels(expr: Any) -> tuple[str, ...] | None:  # noqa: PLR0911 - one return per node type
    """Return the labels of the outermost `by (...)`; None where the result's labels cannot be told."""
    while isinstance(expr, promql_parser.ParenExpr):
        expr = expr.expr
    if isinstance(expr, promql_parser.BinaryExpr):
        left, right = outer_labels(expr.lhs), outer_labels(expr.rhs)
        if isinstance(expr.rhs, promql_parser.NumberLiteral):
            return left
        if isinstance(expr.lhs, promql_parser.NumberLiteral):
            return right
        return left if left == right else None
    if isinstance(expr, promql_parser.Call) and expr.args:
        return outer_labels(expr.args[-1])
    if isinstance(expr, promql_parser.AggregateExpr):
        modifier = expr.modifier
        if modifier is None:
            return ()
        return tuple(modifier.labels) if str(modifier.type).endswith("By") else None
    return None
