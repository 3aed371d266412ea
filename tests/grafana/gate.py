"""Whether a classic dashboard holds only what Grafana knows: `violations(dashboard)`.

`dashboard.schema.json` is derived (see `derive.mjs`). What it cannot say of a panel depends on the panel's type: its
options, its custom fields, and the value of each property that an override sets.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]

SCHEMA = Path(__file__).with_name("dashboard.schema.json")
DEFINITIONS: Mapping[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]

Node = Mapping[str, Any]


def violations(dashboard: Node) -> list[str]:
    """One sentence for each mistake, with its path: `$.panels[0].options.colorMode: 'gold' is not one of [...]`."""
    return [*_complaints("$", dashboard, "Dashboard"), *_panels("$", dashboard)]


def _panels(path: str, parent: Node) -> Iterator[str]:
    for n, panel in _children(parent, "panels"):
        here = f"{path}.panels[{n}]"
        if panel.get("type") == "row":
            yield from _complaints(here, panel, "Row")
            yield from _panels(here, panel)
        else:
            yield from _complaints(here, panel, "Panel")
            if (kind := str(panel.get("type"))) in DEFINITIONS["Options"]:
                yield from _specific(here, panel, kind)


def _specific(path: str, panel: Node, kind: str) -> Iterator[str]:
    yield from _complaints(f"{path}.options", panel.get("options", {}), "Options", kind)
    config = _child(panel, "fieldConfig")
    custom = _child(config, "defaults").get("custom", {})
    yield from _complaints(f"{path}.fieldConfig.defaults.custom", custom, "Custom", kind)
    for i, override in _children(config, "overrides"):
        for j, setting in _children(override, "properties"):
            yield from _setting(f"{path}.fieldConfig.overrides[{i}].properties[{j}]", setting, kind)


def _setting(path: str, setting: Node, kind: str) -> Iterator[str]:
    scope, _, name = str(setting.get("id")).rpartition(".")
    place = {"": ("Fields",), "custom": ("Custom", kind)}.get(scope)
    if place is None or name not in _definition(*place).get("properties", {}):
        yield f"{path}.id: {setting.get('id')!r} is nothing that a field of a {kind} panel has"
    elif "value" in setting:
        yield from _complaints(f"{path}.value", setting["value"], *place, "properties", name)


def _complaints(path: str, value: Any, *definition: str) -> Iterator[str]:
    for error in _validator(*definition).iter_errors(value):
        cause = _cause(error)
        yield f"{path}{cause.json_path.removeprefix('$')}: {cause.message}"


def _cause(error: ValidationError) -> ValidationError:
    """Of a union, follow the member that was meant: the one whose tag fits, else the one with the fewest errors."""
    while error.context:
        members = defaultdict(list)
        for each in error.context:
            members[each.schema_path[0]].append(each)
        meant = min(members.values(), key=lambda errors: (any(e.validator == "const" for e in errors), len(errors)))
        error = max(meant, key=lambda e: len(e.path))
    return error


def _definition(*path: str) -> Any:
    found: Any = DEFINITIONS
    for step in path:
        found = found[step]
    return found


@cache
def _validator(*definition: str) -> Draft7Validator:
    return Draft7Validator(_definition(*definition))


def _child(node: Node, key: str) -> Node:
    found = node.get(key)
    return found if isinstance(found, dict) else {}


def _children(node: Node, key: str) -> Iterator[tuple[int, Node]]:
    found = node.get(key)
    return ((n, each) for n, each in enumerate(found if isinstance(found, list) else ()) if isinstance(each, dict))
