"""Where panels stand: rows in the order of their questions, panels from left to right, lines filled to the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.model import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.model import Panel

COLUMNS = 24
HEAD = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, in columns and grid rows."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a row."""

    row: Row
    place: Place


def layout(panels: Iterable[Panel]) -> Iterator[Heading | tuple[Panel, Place]]:
    """Yield headings and placed panels, top to bottom, left to right."""
    listed = tuple(panels)
    y = 0
    for row in Row:
        mine = [panel for panel in listed if panel.row is row]
        if not mine:
            continue
        yield Heading(row, Place(0, y, COLUMNS, HEAD))
        y += HEAD
        for line in _lines(mine):
            height = max(panel.height for panel in line)
            x = 0
            for panel, width in zip(line, _filled([_width(p) for p in line]), strict=True):
                yield panel, Place(x, y, width, height)
                x += width
            y += height


def _width(panel: Panel) -> int:
    return max(1, min(panel.width, COLUMNS))


def _lines(panels: Sequence[Panel]) -> Iterator[list[Panel]]:
    line: list[Panel] = []
    for panel in panels:
        if sum(map(_width, line)) + _width(panel) > COLUMNS:
            yield line
            line = []
        line.append(panel)
    yield line


def _filled(widths: Sequence[int]) -> list[int]:
    """Widen the panels of a line, each by its share, until it reaches the edge."""
    total = sum(widths)
    edges = [round(sum(widths[: i + 1]) * COLUMNS / total) for i in range(len(widths))]
    return [edge - before for before, edge in zip([0, *edges], edges, strict=False)]
