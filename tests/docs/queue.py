"""The metrics of the queue exporter, from its catalogue, and the keys of its targets, from their sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.docs.families import buckets, metrics, table
from watchbill_exporters.core.fields import TargetSection, secret_fields
from watchbill_exporters.queue import EXPORTER
from watchbill_exporters.queue.catalogue import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable

IN_FILES = "A secret: in a file, or in the environment."


def metrics_page(note: str) -> str:
    return "\n".join([
        note,
        "# Metrics of the queue exporter\n",
        "Labels in braces are closed sets. What a back end does not say is absent, never 0.\n",
        metrics(FAMILIES),
        "## Buckets\n",
        "A latency threshold of an objective must be one of these.\n",
        buckets(FAMILIES),
        "## Keys of targets\n",
        "Beside `name`, `timeout`, `refresh` and `labels`, which every target has.\n",
        *(part for source in EXPORTER.sources for part in _section(source.kind, source.section)),
    ])  # fmt: skip


def _section(kind: str, section: type[TargetSection]) -> Iterable[str]:
    secrets = secret_fields(section)
    keys = [name for name in section.model_fields if name not in {*TargetSection.model_fields, "kind"}]
    yield f"### `kind: {kind}`\n"
    yield table("key | default | meaning", [_key(name, section.model_fields[name], name in secrets) for name in keys])


def _key(name: str, field: Any, secret: bool) -> str:
    name = field.alias or name
    if secret:
        return f"| `{name}_file`, `{name}_env` | | {field.description or IN_FILES} |"
    default = "" if field.is_required() or field.default in (None, {}, (), "") else f"`{_shown(field.default)}`"
    return f"| `{name}` | {default} | {field.description or ''} |"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, float):
        return f"{value:g}s"
    return str(value).encode("unicode_escape").decode()
