"""The spec's JSON Schema, from the models."""

from __future__ import annotations

from typing import Any

from watchbill.spec.document import Document


def json_schema() -> dict[str, Any]:
    """Return the schema, draft 2020-12."""
    schema = Document.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "watchbill spec", **schema}
