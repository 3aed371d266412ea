"""Expression text -> mutants: each a valid expression that means something else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import promql_parser

from tests.mutation.tokens import MODIFIERS, Token, closing, modified, operands, operators, tokens
from watchbill.durations import format_duration, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FACTORS = (0.5, 0.9, 1.1, 2)
COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
SETS = ("and", "or", "unless")
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
AGGREGATIONS = ("sum", "avg", "max", "min", "count")
OVER_TIME = ("sum_over_time", "avg_over_time", "max_over_time", "min_over_time", "count_over_time", "last_over_time")
CONTEXT = 60
"""Characters before a mistake that its name shows."""
WRAPPERS = frozenset({"clamp_min", "clamp_max", "ln", "abs", "scalar"})
_WHAT = re.compile(r"(?<=:)(events|errors)(?=:)")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression's file offers to confuse it with: ranges, offsets and metric names."""

    ranges: tuple[str, ...] = ()
    offsets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


Edit = tuple[int, int, str, str]
"""Start, end, replacement, and in a word what kind of mistake it is."""


def mutants(text: str, around: Surroundings | None = None) -> list[tuple[str, str]]:
    """Return (name, mutated expression), each once: it parses, and differs from the original and the others.

    A name shows what stands before the mistake, selectors' braces left out; the second of its name is `#2`.
    """
    found = tokens(text)
    seen = {_meaning(text)}
    out = []
    names: Counter[str] = Counter()
    for mutator in MUTATORS:
        for start, end, new, kind in mutator(text, found, around or Surroundings()):
            mutated = text[:start] + new + text[end:]
            meaning = _meaning(mutated)
            if meaning is not None and meaning not in seen:
                seen.add(meaning)
                old, became = (" ".join(part.split()) for part in (text[start:end], new))
                name = f"{kind}: {_context(text, found, start)}<<{old} -> {became}>>"
                names[name] += 1
                out.append((f"{name} #{names[name]}" if names[name] > 1 else name, mutated))
    return out


def _context(text: str, found: list[Token], start: int) -> str:
    shown, at = "", 0
    for token in found:
        if token.kind == "braces" and token.end <= start:
            shown, at = shown + text[at : token.start], token.end
    return " ".join((shown + text[at:start]).split())[-CONTEXT:]


def _meaning(text: str) -> str | None:
    """Return the expression as the parser prints it; None where it is no PromQL."""
    try:
        return str(promql_parser.parse(text).prettify())
    except ValueError:
        return None


def surroundings(exprs: Iterable[str]) -> Surroundings:
    """Return what the expressions of a file hold that could be taken for one another."""
    ranges, offsets, names = set(), set(), set()
    for text in exprs:
        found = tokens(text)
        for before, token in zip((None, *found), found, strict=False):
            if token.kind == "range" and ":" not in token.text:
                ranges.add(token.text[1:-1])
            elif token.kind == "duration" and before is not None and before.text == "offset":
                offsets.add(token.text)
            elif token.kind == "name" and ":" in token.text:
                names.add(token.text)
    return Surroundings(*(tuple(sorted(s)) for s in (ranges, offsets, names)))


def _numbers(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    for token in found:
        if token.kind == "number":
            values = [float(token.text) * f for f in FACTORS] if float(token.text) else [1.0]
            for value in values:
                yield token.start, token.end, f"{value:.12g}", "number"


def _comparisons(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    return _replaced(found, "compare", lambda _: COMPARISONS, "comparison")


def _sets(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    return _replaced(found, "set", lambda _: SETS, "set operator")


def _arithmetic(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    return _replaced(found, "arithmetic", lambda t: [ARITHMETIC[t]] if t in ARITHMETIC else [], "arithmetic")


def _functions(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    families = (AGGREGATIONS, OVER_TIME, ("rate", "increase"))
    return _replaced(found, "name", lambda t: next((f for f in families if t in f), ()), "function")


def _metrics(_: str, found: list[Token], around: Surroundings) -> Iterator[Edit]:
    """Errors for events and back; a window sum, evidence or tile for one of another window."""

    def others(name: str) -> Iterable[str]:
        if ":" not in name:
            return ()
        swapped = _WHAT.sub(lambda m: "errors" if m[1] == "events" else "events", name)
        return (swapped, *(n for n in around.names if n.rpartition(":")[0] == name.rpartition(":")[0]))

    return _replaced(found, "name", others, "metric")


def _replaced(found: list[Token], kind: str, others: Callable[[str], Iterable[str]], word: str) -> Iterator[Edit]:
    for token in found:
        if token.kind == kind:
            for other in others(token.text):
                if other != token.text:
                    yield token.start, token.end, other, word


def _ranges(_: str, found: list[Token], around: Surroundings) -> Iterator[Edit]:
    for token in found:
        if token.kind == "range":
            parts = token.text[1:-1].split(":")
            for i, part in enumerate(parts):
                others = (*_scaled(part), *(around.ranges if i == 0 else ()))
                for other in others:
                    word = "longer range" if parse_duration(other) > parse_duration(part) else "shorter range"
                    yield token.start, token.end, f"[{':'.join((*parts[:i], other, *parts[i + 1 :]))}]", word


def _offsets(_: str, found: list[Token], around: Surroundings) -> Iterator[Edit]:
    for token, length in pairwise(found):
        if token.text == "offset":
            yield token.start, length.end, "", "no offset"
            for other in (*_scaled(length.text), *around.offsets):
                yield length.start, length.end, other, "offset"


def _scaled(duration: str) -> tuple[str, str]:
    length = parse_duration(duration)
    return format_duration(length // 2), format_duration(length * 2)


def _dropped(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    """One side of an operator gone: a guard, a condition, a branch, a term."""
    for i in operators(found):
        begin, end = operands(found, i)
        yield found[i].start, end, "", "dropped"
        yield begin, found[modified(found, i)].start, "", "dropped"


def _unmodified(_: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    """No `on (...)` and no `by (...)`."""
    for i, token in enumerate(found):
        if token.text in {"by", "without"} and found[i + 1].kind == "open":
            yield token.start, found[closing(found, i + 1)].end, "", "no grouping"
        elif token.text in MODIFIERS and token.text != "group_left":
            yield token.start, found[modified(found, i - 1)].start, "", "no matching"


def _unwrapped(text: str, found: list[Token], __: Surroundings) -> Iterator[Edit]:
    """The first argument alone, without the function around it."""
    for i, token in enumerate(found[:-1]):
        if token.text in WRAPPERS and found[i + 1].kind == "open":
            close = closing(found, i + 1)
            inside = range(i + 2, close)
            stop = next((k for k in inside if found[k].kind == "comma" and found[k].depth == token.depth + 1), close)
            yield token.start, found[close].end, f"({text[found[i + 1].end : found[stop].start]})", "no function"


MUTATORS: tuple[Callable[[str, list[Token], Surroundings], Iterator[Edit]], ...] = (
    _numbers, _comparisons, _sets, _arithmetic, _functions, _metrics, _ranges, _offsets, _dropped,
    _unmodified, _unwrapped,
)  # fmt: skip
