"""Runs the tests one after the other, records each, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from watchbill_exporters.backup.records.directory import BusyError, Kind, Record, Run, Writer
from watchbill_exporters.backup.restore import plan as plans
from watchbill_exporters.backup.restore.checks import Finding, integrity, newest_write, run_checks
from watchbill_exporters.backup.restore.cluster import Cluster
from watchbill_exporters.backup.restore.files import restore_borg, restore_restic, restore_sqlite
from watchbill_exporters.backup.restore.guard import RefusedError, check_paths
from watchbill_exporters.backup.restore.plan import Borg, Dumps, PgBackRest, Plan, Restic, Sqlite, Test
from watchbill_exporters.backup.restore.postgresql import restore_pgbackrest, restored_dump
from watchbill_exporters.backup.restore.scratch import FOLDER, folder, locked
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import ExporterError, ScrapeError
from watchbill_exporters.core.secret import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from watchbill_exporters.backup.restore.restored import Restored

FINE, FAULT = 0, 1
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StoppedError(BaseException):
    """A signal asks us to end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


def main(
    file: Path,
    names: tuple[str, ...] = (),
    *,
    check_config: bool = False,
    tell: Callable[[str], None] = print,
    clock: Clock | None = None,
) -> int:
    """Return 0 when all were fine, 1 when one was not, 128 and the number of a signal that ended it.

    Raises ConfigError, and ExporterError for a name that the config does not have.
    """
    plan = plans.read(file)
    chosen = [test for test in plan.tests if not names or test.name in names]
    if unknown := sorted(set(names) - {test.name for test in plan.tests}):
        raise ExporterError(f"{file}: there is no test {', '.join(unknown)}")
    if check_config:
        tell(f"{file}: fine; tests: {len(plan.tests)}")
        return FINE
    try:
        with _stoppable(), locked(plan.scratch):
            results = [_tested(test, plan, tell, clock or Clock()) for test in chosen]
    except StoppedError as stopped:
        tell(f"ended by {stopped}")
        return 128 + stopped.number
    except RefusedError as error:
        tell(str(error))
        return FAULT
    return FINE if all(results) else FAULT


def _tested(test: Test, plan: Plan, tell: Callable[[str], None], clock: Clock) -> bool:
    """Run one test and record it; return whether it was fine."""
    title = f"{test.repository}/{test.name}"
    try:
        writer = Writer.open(plan.state, Record(Kind.RESTORE, test.name, test.repository))
    except (BusyError, OSError) as error:
        tell(f"{title}: not tested: {error}")
        return False
    began = clock.now()
    run = Run(began, began, 0.0, ok=False)
    try:
        writer.begin(began)
        run, lines = _measured(test, plan, began, clock)
        for line in lines:
            tell(redact(f"{title}: {line}"))
    except (ScrapeError, RefusedError, OSError) as error:
        run = Run(began, clock.now(), 0.0, ok=False)
        tell(redact(f"{title}: failed: {error}"))
    finally:
        with suppress(OSError):
            writer.end(run)
        writer.close()
    return run.ok


def _measured(test: Test, plan: Plan, began: float, clock: Clock) -> tuple[Run, list[str]]:
    started = clock.monotonic()
    deadline = Deadline.after(test.timeout, clock)
    check_paths(plan.scratch / FOLDER, _live(test, plan))
    user = plan.run_as if os.geteuid() == 0 else None
    stopper = Cluster(plan.scratch, user, plan.programs)
    with folder(plan.scratch, stopper.stop) as place:
        cluster = Cluster(place, user, plan.programs)
        with _restored(test, cluster, began, deadline) as restored:
            seconds = clock.monotonic() - started
            found = run_checks(test.checks, restored, deadline)
            if isinstance(test.origin, Sqlite):
                found += integrity(restored, deadline)
            point = restored.point
            if test.newest is not None:
                try:
                    point = newest_write(test.newest, restored, deadline)
                except ScrapeError as error:
                    point, found = None, found + Finding(0, (f"newest: {error}",))
    ok = not found.mismatches
    run = Run(
        began, clock.now(), seconds, ok, None, None, point, rows=found.rows, mismatches=len(found.mismatches)
    )  # fmt: skip
    return run, _told(run, found)


@contextmanager
def _restored(test: Test, cluster: Cluster, now: float, deadline: Deadline) -> Iterator[Restored]:
    match test.origin:
        case Restic():
            yield restore_restic(test.origin, cluster.place, now, deadline)
        case Borg():
            yield restore_borg(test.origin, cluster.place, now, deadline)
        case Sqlite():
            yield restore_sqlite(test.origin, cluster.place, now, deadline)
        case PgBackRest():
            yield restore_pgbackrest(test.origin, cluster, deadline)
        case Dumps():
            with restored_dump(test.origin, test, cluster, deadline) as restored:
                yield restored


def _live(test: Test, plan: Plan) -> tuple[Path, ...]:
    """Return what must not overlap the scratch place: what the config names, the records, and the backups."""
    match test.origin:
        case Restic() | Borg():
            where = test.origin.config.location
            local = (Path(where),) if isinstance(where, str) and where.startswith("/") else ()
        case Dumps() | Sqlite():
            local = (test.origin.directory,)
        case PgBackRest():
            local = ()
    return (*test.live, plan.state, *local)


def _told(run: Run, found: Finding) -> list[str]:
    point = "unknown"
    if run.recovery_point is not None:
        point = datetime.fromtimestamp(run.recovery_point, UTC).isoformat(timespec="seconds")
    head = f"{'fine' if run.ok else 'WRONG'}: restored in {run.seconds:.1f} s, newest write {point}, rows {run.rows}"
    return [head, *found.mismatches]


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the first signal into an exception; what cleans up then is not disturbed by a second one."""

    def stop(number: int, _: FrameType | None) -> NoReturn:
        for other in ENDING:
            signal.signal(other, signal.SIG_IGN)
        raise StoppedError(number)

    before = {number: signal.signal(number, stop) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
