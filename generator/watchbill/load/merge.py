"""Several files make one spec: mappings are merged, lists joined, a value may stand in one file only."""

from __future__ import annotations

from typing import Any

from watchbill.load import codes
from watchbill.load.tree import Broken, Tree


def merge(trees: list[Tree]) -> Tree:
    """Return one tree. Raises Broken where two files give the same value differently."""
    if len(trees) == 1:
        return trees[0]
    out = Tree(root={}, root_pos=trees[0].root_pos)
    out.places[id(out.root)] = {}
    for tree in trees:
        out.places.update(tree.places)
        out.keep.extend(tree.keep)
        if tree.root is not None:
            _into(out, out.root, tree.root)
    return out


def _into(out: Tree, target: dict[Any, Any], source: dict[Any, Any]) -> None:
    places = out.places[id(target)]
    for key, value in source.items():
        where = out.places[id(source)][key]
        if key not in target:
            target[key] = _copy(out, value)
            places[key] = where
        elif isinstance(value, dict) and isinstance(target[key], dict):
            _into(out, target[key], value)
        elif isinstance(value, list) and isinstance(target[key], list):
            into = out.places[id(target[key])]
            for i, item in enumerate(value):
                into[len(target[key])] = out.places[id(value)][i]
                target[key].append(item)
        elif value != target[key]:
            first = places[key].key
            raise Broken(
                codes.CONFLICT, where.key, f"'{key}' has another value in another file (line {first.line} there)"
            )


def _copy(out: Tree, value: Any) -> Any:
    if isinstance(value, dict | list):
        copied: Any = value.copy()
        out.places[id(copied)] = dict(out.places[id(value)])
        out.keep.append(copied)
        return copied
    return value
