"""The backup exporter: whether we can really restore, how fast, and what would be lost."""

from __future__ import annotations

from watchbill_exporters.backup.catalogue import FAMILIES
from watchbill_exporters.backup.copies.dumps import DUMPS
from watchbill_exporters.backup.copies.sqlite_files import SQLITE
from watchbill_exporters.backup.records.source import STATE
from watchbill_exporters.backup.repositories.borg import BORG
from watchbill_exporters.backup.repositories.pgbackrest import PGBACKREST
from watchbill_exporters.backup.repositories.restic import RESTIC
from watchbill_exporters.backup.stores.checkpoints import CHECKPOINTS
from watchbill_exporters.core.contract import Exporter

EXPORTER = Exporter(
    name="backup",
    prefix="backup",
    about="Recovery points, attempts, sizes and locks of backups; measured restores; checkpoint stores.",
    port=9843,
    sources=(RESTIC, BORG, PGBACKREST, DUMPS, SQLITE, CHECKPOINTS, STATE),
    facts=frozenset(family.name for family in FAMILIES if family.past),
)
