"""The metrics of the backup exporter and the keys of its targets: from the catalogue and the sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.backup.catalogue import FAMILIES
from watchbill_exporters.backup.restore import section as restore
from watchbill_exporters.core.fields import TargetSection, secret_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

RESTORE = (
    restore.RestoreSection,
    restore.TestSection,
    restore.CheckSection,
    restore.NewestSection,
    restore.ResticSection,
    restore.BorgSection,
    restore.PgBackRestSection,
    restore.DumpsSection,
    restore.SqliteSection,
)
TITLES = {  # others are called as their key
    "restore": "The whole file",
    "test": "tests[]",
    "check": "tests[].checks[]",
    "newest": "tests[].newest",
}


def metrics_page(note: str) -> str:
    rows = [
        f"| `{family.name}` | gauge | {', '.join(f'`{label}`' for label in family.labels)} | {family.help} | "
        f"{'kept' if family.past else 'absent'} |"
        for family in FAMILIES
    ]
    parts = [
        note,
        "# Metrics of the backup exporter\n",
        "What is not known is absent. The last column says what becomes of a series while its target cannot be read:",
        "facts about the past are kept, with `backup_refresh_last_success_timestamp_seconds{target}` beside them; what",
        "speaks of now is absent.\n",
        _table("metric | type | labels | meaning | target down", rows),
        "# Targets\n",
        "Every target also has `name`, `timeout`, `refresh` and `labels`.\n",
    ]
    for source in EXPORTER.sources:
        about = " ".join((source.section.__doc__ or "").split())
        parts.append(f"## kind: {source.kind}\n\n{about}\n\n{_table('key | default | meaning', _keys(source.section))}")
    parts.append("# The config of restore-test\n")
    for section in RESTORE:
        name = section.__name__.removesuffix("Section").lower()
        keys = _table("key | default | meaning", _keys(section, ()))
        parts.append(
            f"## {TITLES.get(name, f'tests[].{name}')}\n\n{' '.join((section.__doc__ or '').split())}\n\n{keys}"
        )
    return "\n".join(parts)


def _keys(section: type[BaseModel], hidden: Iterable[str] = tuple(TargetSection.model_fields)) -> Iterable[str]:
    for name, field in section.model_fields.items():
        if name in hidden:
            continue
        shown = field.alias or name
        spelled = f"`{shown}_file`, `{shown}_env`" if name in secret_fields(section) else f"`{shown}`"
        default = "**required**" if field.is_required() else f"`{_shown(field.default)}`" if field.default else ""
        yield f"| {spelled} | {default} | {field.description or ''} |"


def _shown(default: object) -> str:
    return f"{default:g}s" if isinstance(default, float) else str(default)


def _table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") + 1
    return "\n".join([f"| {head} |", "|" + "---|" * columns, *rows]) + "\n"
