"""The spec's JSON Schema, from the models; defaults are shown as one would write them."""

from __future__ import annotations

from typing import Any

from watchbill.calendar import Period
from watchbill.durations import format_duration
from watchbill.gates import shown
from watchbill.spec.document import Document


def json_schema() -> dict[str, Any]:
    """Return the schema, draft 2020-12."""
    schema = Document.model_json_schema()
    for section in (schema, *schema["$defs"].values()):
        for value in section.get("properties", {}).values():
            _written_default(value)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "watchbill spec"}


def _written_default(value: dict[str, Any]) -> None:
    default = value.get("default")
    if "$ref" in value or default is None:
        value.pop("default", None)
    elif isinstance(default, dict) and "length" in default:
        value["default"] = Period(**default).text
    elif value.get("type") == "string" and isinstance(default, int):
        value["default"] = format_duration(default)
    elif value.get("type") == "string" and isinstance(default, list | tuple):
        value["default"] = shown((int(default[0]), int(default[1])))
