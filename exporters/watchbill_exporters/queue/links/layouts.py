"""Layouts of tables are private to their library: what we rely on is checked, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection

Columns = dict[str, dict[str, str]]
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = %s AND c.relname = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
"""


def check(connection: Connection[Any], schema: str, wanted: Mapping[str, Mapping[str, str]]) -> None:
    """Raise ScrapeError with reason `version` unless the tables have these columns, of these types."""
    found: Columns = {}
    for table, column, kind in connection.execute(COLUMNS, (schema, list(wanted))).fetchall():
        found.setdefault(table, {})[column] = kind.rpartition(".")[2].strip('"')
    for table, columns in wanted.items():
        if table not in found:
            raise ScrapeError(Reason.VERSION, f"there is no table {schema}.{table}")
        for column, kind in columns.items():
            if (is_now := found[table].get(column)) != kind:
                expected = f"{schema}.{table}.{column} should be {kind}, and is {is_now or 'not there'}"
                raise ScrapeError(Reason.VERSION, f"{expected}: a layout this exporter does not know")
