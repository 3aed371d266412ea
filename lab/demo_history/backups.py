"""Backups, locks and restore tests: the first copy of the first source is late now, the others are as promised."""

from collections.abc import Iterator

from lab.demo_history.series import Stored
from lab.demo_history.times import Past
from watchbill.conventions import recovery as names
from watchbill.kinds.item import Item
from watchbill.kinds.recovery import Recovery

NEVER_TESTED = 1
"""Of the items, this one has a copy that was never restored."""


def backups(items: list[Item], times: Past, bytes_each: float = 5e9) -> Iterator[Stored]:
    """Yield what the backup exporter tells of every copy."""
    mine = [item for item in items if isinstance(item, Recovery)]
    troubled = times.trouble <= times.now
    for number, item in enumerate(mine):
        for n, repository in enumerate(item.repositories or ("local",)):
            copy = {names.REPOSITORY: repository, **{g.name: g.values[0] if g.values else "x" for g in item.by}}
            late = number == n == 0 and troubled
            tested = number != NEVER_TESTED or not troubled
            yield from _copy(item, copy, times, bytes_each, late=late, tested=tested, shift=number + n)


def _copy(
    item: Recovery, copy: dict[str, str], times: Past, bytes_each: float, *, late: bool, tested: bool, shift: int
) -> Iterator[Stored]:
    stamps = times.scrapes()
    rpo = item.rpo / 1000
    every = rpo / 2
    end = times.now - 1.5 * rpo if late else times.now + 1e9
    done = [min(at - (at + shift * 777) % every, end - end % every) for at in stamps]
    size = [bytes_each * (1 + 0.02 * ((at // every) % 7)) for at in stamps]
    restored = times.now - (times.now % 86400) - 86400 * (2 + shift)
    took = 0.6 * (item.rto or 3_600_000) / 1000
    told = {
        "recovery_point": [at - 60 for at in done],
        "last_success": done,
        "last_attempt": [0.0 if late and at > end + every else 1.0 for at in stamps],
        "size": size,
        "locked": [1.0 if at % every < every / 10 else 0.0 for at in stamps],
        "check": [restored - 7200.0] * len(stamps),
        "restore_success": [float(restored)] * len(stamps),
        "restore_run": [1.0] * len(stamps),
        "restore_duration": [took] * len(stamps),
        "restore_point": [restored - took - rpo / 3] * len(stamps),
        "restore_mismatches": [0.0] * len(stamps),
    }
    for role, values in told.items():
        if role.startswith("restore") and not tested:
            continue
        selector = item.selector(role)
        labels = selector.example(fixed={"job": item.job or "backup", "instance": "backup-1", **copy}) or copy
        yield Stored(selector.metric, labels, stamps, values)
    target = {"job": item.job or "backup", "instance": "backup-1"}
    refreshed = [float(at - at % 60) for at in stamps]
    own = {**target, "target": copy[names.REPOSITORY]}
    yield Stored("backup_refresh_last_success_timestamp_seconds", own, stamps, refreshed)
    yield Stored("backup_up", own, stamps, [1.0] * len(stamps))
    whole = {**target, **copy, names.SOURCE: item.source}
    yield Stored("backup_last_attempt_timestamp_seconds", whole, stamps, [at - at % every for at in stamps])
    yield Stored("backup_last_duration_seconds", whole, stamps, [0.1 * every] * len(stamps))
    yield Stored("up", target, stamps, [1.0] * len(stamps))
