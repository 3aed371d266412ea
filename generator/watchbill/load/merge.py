"""Several files make one spec: mappings are merged, lists joined, a value may stand in one file only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill.load import codes
from watchbill.load.tree import Broken, Tree

if TYPE_CHECKING:
    from collections.abc import Sequence


def merge(trees: list[Tree], names: Sequence[str]) -> tuple[Tree, list[Broken]]:
    """Return one tree, and a fault for each value that two files give differently."""
    faults: list[Broken] = []
    if len(trees) == 1:
        return trees[0], faults
    out = Tree(root={}, root_pos=trees[0].root_pos)
    out.places[id(out.root)] = {}
    for tree in trees:
        out.places.update(tree.places)
        out.keep.extend(tree.keep)
        if tree.root is not None:
            _into(out, out.root, tree.root, names, faults)
    return out, faults


def _into(
    out: Tree, target: dict[Any, Any], source: dict[Any, Any], names: Sequence[str], faults: list[Broken]
) -> None:
    places = out.places[id(target)]
    for key, value in source.items():
        where = out.places[id(source)][key]
        if key not in target:
            target[key] = _copy(out, value)
            places[key] = where
        elif isinstance(value, dict) and isinstance(target[key], dict):
            _into(out, target[key], value, names, faults)
        elif isinstance(value, list) and isinstance(target[key], list):
            into = out.places[id(target[key])]
            for i, item in enumerate(value):
                into[len(target[key])] = out.places[id(value)][i]
                target[key].append(item)
        elif value != target[key]:
            first = places[key].key
            text = f"'{key}' has another value in {names[first.file]}:{first.line}:{first.column}"
            faults.append(Broken(codes.CONFLICT, where.key, text))


def _copy(out: Tree, value: Any) -> Any:
    if isinstance(value, dict | list):
        copied: Any = value.copy()
        out.places[id(copied)] = dict(out.places[id(value)])
        out.keep.append(copied)
        return copied
    return value
