"""Which limits hold: notices in, what changed out. No I/O, no clock of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill_exporters.limits.catalogue import Refused, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill_exporters.limits.declared import Declaration, Declared
    from watchbill_exporters.limits.webhook import Notice

Group = tuple[tuple[str, str], ...]
Key = tuple[str, Group]
REORDERED = 120.0
"""Seconds for which the end of an alert overrules notices of the same alert that were sent before it.

Not for ever: an alert that Alertmanager lost sight of and sees again begins when it once began. A repeat is never far.
"""


@dataclass(frozen=True)
class Holding:
    """A limit that holds for a group. `started` is the sender's time; the others are this host's."""

    started: float
    since: float
    expires: float


@dataclass(frozen=True)
class Ended:
    """A limit that was lifted: when its alert ended (the sender's time), and when that was heard."""

    until: float
    at: float


@dataclass(frozen=True)
class Active:
    """Everything known, as a value: a new one replaces it once it is on disk."""

    holding: Mapping[Key, Holding]
    ended: Mapping[Key, Ended]


NOTHING = Active({}, {})


@dataclass(frozen=True)
class _Known:
    """What is known while notices are taken one by one."""

    holding: dict[Key, Holding]
    ended: dict[Key, Ended]


@dataclass(frozen=True)
class Change:
    """What came of one notice: begun, renewed or lifted, or why nothing did."""

    limit: str
    became: str = ""
    refused: Refused | None = None


def told(
    active: Active, notices: Iterable[Notice], declared: Declaration, now: float, most: int
) -> tuple[Active, list[Change]]:
    """Return what is known after the notices, and what became of each. Leases run by this host's clock."""
    known = _Known(dict(active.holding), dict(active.ended))
    limits, changes = declared.by_id, []
    counts = Counter(limit for limit, _ in known.holding)
    for notice in notices:
        limit = limits.get(notice.limit)
        reason = _refusal(notice, limit, declared)
        if limit is None or reason is not None:
            changes.append(Change(notice.limit, refused=reason))
            continue
        labels = dict(notice.labels)
        key = (limit.id, tuple((name, labels[name]) for name in limit.by))
        change = _apply(known, key, notice, now, declared.lease, room=counts[limit.id] < most)
        counts[limit.id] += {"begun": 1, "lifted": -1}.get(change.became, 0)
        changes.append(change)
    fresh = {key: one for key, one in known.ended.items() if now - one.at < REORDERED}
    return Active(known.holding, fresh), changes


def _refusal(notice: Notice, limit: Declared | None, declared: Declaration) -> Refused | None:
    if notice.service != declared.service:
        return Refused.SERVICE
    if limit is None or limit.alert != notice.alert:
        return Refused.UNKNOWN
    names = dict(notice.labels)
    return None if all(names.get(name) for name in limit.by) else Refused.GROUP


def _apply(known: _Known, key: Key, notice: Notice, now: float, lease: float, *, room: bool) -> Change:
    if notice.status is Status.RESOLVED:
        return _lift(known, key, notice, now)
    return _hold(known, key, notice, now, lease, room=room)


def _lift(known: _Known, key: Key, notice: Notice, now: float) -> Change:
    """An end before the beginning of what holds is that of an earlier alert."""
    ended = notice.started if notice.ended is None else notice.ended
    held, last = known.holding.get(key), known.ended.get(key)
    if held is not None and ended < held.started:
        return Change(key[0], refused=Refused.STALE)
    known.ended[key] = Ended(max(ended, last.until if last else ended), now)
    if held is None:
        return Change(key[0])
    del known.holding[key]
    return Change(key[0], "lifted")


def _hold(known: _Known, key: Key, notice: Notice, now: float, lease: float, *, room: bool) -> Change:
    """An alert that began before the end that was heard a moment ago is the one that ended then."""
    held, last = known.holding.get(key), known.ended.get(key)
    if last is not None and now - last.at < REORDERED and notice.started <= last.until:
        return Change(key[0], refused=Refused.STALE)
    if held is not None:
        started = max(held.started, notice.started)
        known.holding[key] = replace(held, started=started, expires=now + lease)
        return Change(key[0], "renewed")
    if not room:
        return Change(key[0], refused=Refused.FULL)
    known.holding[key] = Holding(notice.started, now, now + lease)
    return Change(key[0], "begun")


def swept(active: Active, declared: Declaration, now: float) -> tuple[Active, list[str]]:
    """Return what still holds, and the limits that ran out or that the file has no more.

    A lease is never longer than one from now: the clock may have been set back.
    """
    limits = declared.by_id
    kept: dict[Key, Holding] = {}
    gone = []
    for key, one in active.holding.items():
        declared_one = limits.get(key[0])
        if one.expires <= now or declared_one is None or declared_one.by != tuple(name for name, _ in key[1]):
            gone.append(key[0])
        else:
            kept[key] = replace(one, expires=min(one.expires, now + declared.lease))
    return (replace(active, holding=kept) if gone or kept != active.holding else active), gone
