"""Every family of the backup exporter, in the order of the page. All are gauges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.families import gauge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import Metric


@dataclass(frozen=True)
class Family:
    """One metric. `past` marks what stays true when its target can no longer be read: it is replayed."""

    name: str
    help: str
    labels: tuple[str, ...]
    past: bool = True

    def metric(self, rows: Iterable[tuple[Mapping[str, str], float]] = ()) -> Metric:
        return gauge(self.name, self.help, rows)


_SOURCE = ("repository", "source")

LAST_SUCCESS = Family("backup_last_success_timestamp_seconds", "When the newest good backup ended.", _SOURCE)
LAST_ATTEMPT = Family("backup_last_attempt_timestamp_seconds", "When the last run of a backup began.", _SOURCE)
ATTEMPT_OK = Family(
    "backup_last_attempt_success", "Whether the last run of a backup that ended did so with 0.", _SOURCE
)
DURATION = Family("backup_last_duration_seconds", "How long the newest good backup took.", _SOURCE)
SIZE = Family("backup_last_size_bytes", "Size of the newest good backup, as its tool tells it.", _SOURCE)
SNAPSHOTS = Family("backup_snapshots", "Backups that can be restored.", _SOURCE, past=False)
FUTURE = Family(
    "backup_future_snapshots", "Backups dated later than now: one of the clocks is wrong.", _SOURCE, past=False
)
DAMAGED = Family("backup_damaged_copies", "Copies that are incomplete or fail their check.", _SOURCE, past=False)
OLDEST = Family("backup_oldest_timestamp_seconds", "Time of the oldest backup.", _SOURCE, past=False)
RECOVERY_POINT = Family(
    "backup_recovery_point_timestamp_seconds", "Newest data that can be restored.", _SOURCE, past=False
)
LOCKED = Family(
    "backup_repository_locked", "Whether a lock keeps others from writing to the repository.", ("repository",),
    past=False,
)  # fmt: skip
LISTED = Family(
    "backup_listed_timestamp_seconds", "When the backups of the repository were last listed.", ("repository",)
)
CHECKED = Family(
    "backup_check_last_success_timestamp_seconds", "When a check of the repository last ended well.", ("repository",)
)
TEST_SUCCESS = Family(
    "restore_test_last_success_timestamp_seconds", "When a restore was last tested and fine.", _SOURCE
)
TEST_RUN = Family("restore_test_last_run_timestamp_seconds", "When the last test of a restore began.", _SOURCE)
TEST_OK = Family("restore_test_last_run_success", "Whether the last test of a restore that ended was fine.", _SOURCE)
TEST_DURATION = Family(
    "restore_test_duration_seconds", "Measured recovery time: from the begin to data that can be used.", _SOURCE
)
TEST_RECOVERY_POINT = Family(
    "restore_test_recovery_point_timestamp_seconds", "Measured recovery point: the newest write restored.", _SOURCE
)
TEST_ROWS = Family("restore_test_checked_rows", "Rows counted and files compared by the last test.", _SOURCE)
TEST_MISMATCHES = Family(
    "restore_test_mismatches", "Checks of the last test whose answer was not the expected one.", _SOURCE
)
STORE_SIZE = Family("store_size_bytes", "Size of a table with its indexes.", ("store", "table"), past=False)
STORE_NEWEST = Family(
    "store_newest_write_timestamp_seconds", "Time of the newest write to a table.", ("store", "table")
)

FAMILIES = (
    LAST_SUCCESS,
    LAST_ATTEMPT,
    ATTEMPT_OK,
    DURATION,
    SIZE,
    RECOVERY_POINT,
    SNAPSHOTS,
    OLDEST,
    FUTURE,
    DAMAGED,
    LOCKED,
    LISTED,
    CHECKED,
    TEST_SUCCESS,
    TEST_RUN,
    TEST_OK,
    TEST_DURATION,
    TEST_RECOVERY_POINT,
    TEST_ROWS,
    TEST_MISMATCHES,
    STORE_SIZE,
    STORE_NEWEST,
)


def described() -> Iterator[Metric]:
    return (family.metric() for family in FAMILIES)
