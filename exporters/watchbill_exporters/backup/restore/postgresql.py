"""Restores PostgreSQL: pgBackRest, base backups, dumps."""

from __future__ import annotations

import re
import shutil
import tarfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from watchbill_exporters.backup.copies.directory import copies
from watchbill_exporters.backup.copies.formats import inspect
from watchbill_exporters.backup.postgres import Server, query
from watchbill_exporters.backup.process import Tool, run
from watchbill_exporters.backup.repositories import pgbackrest
from watchbill_exporters.backup.restore.database import scratch_database
from watchbill_exporters.backup.restore.guard import RefusedError, check_database
from watchbill_exporters.backup.restore.restored import Restored
from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchbill_exporters.backup.restore.cluster import Cluster
    from watchbill_exporters.backup.restore.plan import Dumps, PgBackRest, Test
    from watchbill_exporters.core.clock import Deadline

PLAIN = (".sql", ".sql.gz")
_OURS = ("--exit-on-error", "--no-owner", "--no-acl", "--no-tablespaces", "--no-subscriptions", "--no-password")
_TAMED = "sed -E '/^CREATE TABLESPACE .* LOCATION .*;$/d'"  # of pg_dumpall: it would be made where the live one is
_HARMLESS = re.compile(r'role "postgres" already exists|parameter "default_tablespace"|tablespace ".*" does not exist')
REPLAYED = "select extract(epoch from pg_last_xact_replay_timestamp())"


def restore_pgbackrest(origin: PgBackRest, cluster: Cluster, deadline: Deadline) -> Restored:
    """Restore the newest backup and replay all WAL; tablespaces and links land in the scratch place too."""
    stanza = pgbackrest.stanzas(origin.config, deadline)[0]
    mine = (one for one in stanza.backup if one.database.repo_key == origin.config.repo)
    newest = max(mine, key=lambda one: one.timestamp.stop, default=None)
    if newest is None:
        raise ScrapeError(Reason.CONNECT, f"stanza {stanza.name} has no backup")
    cluster.prepare()
    config = origin.config
    where = () if config.file is None else (f"--config={config.file}",)
    tool = pgbackrest.tool(config)
    place = cluster.place
    words = (
        *where,
        *pgbackrest.QUIET,
        f"--stanza={stanza.name}",
        f"--repo={config.repo}",
        f"--pg1-path={cluster.data}",
        f"--lock-path={place / 'lock'}",
        f"--tablespace-map-all={cluster.tablespaces}",
        "--archive-mode=off",
    )
    done = run(Tool(tool.program, tool.environment, cluster.user), *words, "restore", deadline=deadline, cwd=place)
    if done.code:
        raise ScrapeError(pgbackrest.reason(done), done.last_line)
    cluster.adopt()
    server = cluster.start(deadline, tool.environment)
    return Restored(_replayed(server, deadline) or float(newest.timestamp.stop), server=server)


@contextmanager
def restored_dump(origin: Dumps, test: Test, cluster: Cluster, deadline: Deadline) -> Iterator[Restored]:
    """Restore the newest whole copy and yield it, in a cluster made for it or in the scratch database."""
    found = [(path, inspect(path, origin.zone)) for path in copies(origin.directory, origin.files)]
    times = {path: copy.began or path.stat().st_mtime for path, copy in found if copy.whole}
    if not times:
        raise ScrapeError(Reason.CONNECT, f"there is no whole copy in {origin.directory}")
    newest = max(times, key=lambda path: times[path])
    if newest.is_dir() and not (newest / "toc.dat").is_file():
        if test.into is not None:
            raise RefusedError("a base backup is a whole cluster, it cannot be put into a database")
        server = _base_backup(newest, cluster, deadline)
        yield Restored(_replayed(server, deadline) or times[newest], server=server)
    elif test.into is None:
        cluster.create(deadline)
        server = cluster.start(deadline)
        _load(newest, server, deadline, cluster)
        yield Restored(times[newest], server=server)
    else:
        check_database(test.into, test.live_databases, deadline)
        with scratch_database(test.into, deadline) as server:
            _load(newest, server, deadline, None)
            yield Restored(times[newest], server=server)


def _load(dump: Path, server: Server, deadline: Deadline, cluster: Cluster | None) -> None:
    """Load a dump. Plain SQL may reach other databases, and run programs through psql: where and as whom is fixed."""
    environment = {**server.environment(), "PGCONNECT_TIMEOUT": "10"}
    if not dump.name.endswith(PLAIN):
        done = run(Tool("pg_restore", environment), *_OURS, "-d", server.database, str(dump), deadline=deadline)
    elif cluster is None:
        raise RefusedError("plain SQL may reach other databases of the server: leave out `into`, or dump with -Fc")
    else:
        unpack = "gzip -dc | " if dump.name.endswith(".gz") else ""
        words = ("-o", "pipefail", "-c", f"{unpack}{_TAMED} | psql -X -w -q -o /dev/null")
        tool = Tool("bash", environment, cluster.user)
        done = run(tool, *words, deadline=deadline, cwd=cluster.place, stdin=dump)
    errors = [line for line in done.errors.splitlines() if "error:" in line.lower() and not _HARMLESS.search(line)]
    if done.code or errors:
        raise ScrapeError(Reason.PARSE, (errors or [done.last_line])[0][:300])


def _base_backup(source: Path, cluster: Cluster, deadline: Deadline) -> Server:
    """Copy or unpack, move tablespaces into the scratch place, and start."""
    cluster.prepare()
    if (source / "PG_VERSION").is_file():
        shutil.copytree(source, cluster.data, symlinks=True)
        for link in (cluster.data / "pg_tblspc").iterdir():
            if link.is_symlink():
                moved = cluster.tablespaces / link.name
                shutil.copytree((source / "pg_tblspc" / link.name).resolve(), moved, symlinks=True)
                _relink(link, moved)
        wal = cluster.data / "pg_wal"
        if wal.is_symlink():
            wal.unlink()
            shutil.copytree((source / "pg_wal").resolve(), wal)
    else:
        _unpack(source, cluster)
    if deadline.over:
        raise TimeoutError(f"{source.name} was not copied in time")
    cluster.adopt()
    return cluster.start(deadline)


def _unpack(source: Path, cluster: Cluster) -> None:
    moved = cluster.tablespaces
    for archive in sorted(source.glob("*.tar*")):
        name = archive.name.split(".", 1)[0]
        into = cluster.data if name == "base" else cluster.data / "pg_wal" if name == "pg_wal" else moved / name
        into.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as tar:
            tar.extractall(into, filter="data")
    (cluster.data / "tablespace_map").unlink(missing_ok=True)  # it would link to where the live ones are
    for folder in moved.iterdir() if moved.is_dir() else ():
        _relink(cluster.data / "pg_tblspc" / folder.name, folder)


def _relink(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _replayed(server: Server, deadline: Deadline) -> float | None:
    """Return the time of the last transaction that was replayed; a backup without any has none."""
    rows = query(server, REPLAYED, deadline)
    return float(rows[0][0]) if rows else None
