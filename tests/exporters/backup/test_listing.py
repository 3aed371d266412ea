"""From backups to facts: whatever the clocks say, nothing is promised that is not there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watchbill_exporters.backup.listing import MOST, TOLERANCE, Backup, Ledger, Rule, Sources

NOW = 1_790_000_000.0
HOUR = 3600.0
times = st.floats(NOW - 1e6, NOW + 1e6)


@given(st.lists(st.tuples(st.sampled_from("ab"), times, times), max_size=9), st.lists(st.floats(0, 9e4), max_size=5))
def test_no_fact_is_later_than_now_and_each_source_is_what_was_put_in(
    rows: list[tuple[str, float, float]], steps: list[float]
) -> None:
    backups = [Backup(str(key), source, time, end) for key, (source, time, end) in enumerate(rows)]
    ledger, now, points = Ledger(), NOW, dict[str, float]()
    for step in (0.0, *steps):
        now += step
        facts = {one.source: one for one in ledger.facts(backups, now)}
        assert {source: one.snapshots for source, one in facts.items()} == {
            source: sum(row[0] == source for row in rows) for source in {row[0] for row in rows}
        }
        for source, one in facts.items():
            assert one.recovery_point is not None
            assert one.oldest is not None
            assert one.oldest <= one.recovery_point <= now + TOLERANCE
            assert one.recovery_point >= points.get(source, 0)  # the newest backup is the same one
            assert one.last_success is not None
            assert one.last_success <= now + TOLERANCE
            assert one.future == sum(row[0] == source and max(row[1:]) > now + TOLERANCE for row in rows)
            points[source] = one.recovery_point


def test_a_backup_of_a_clock_an_hour_ahead_keeps_the_time_it_was_first_seen() -> None:
    ledger = Ledger()
    ahead = [Backup("x", "a", NOW + HOUR)]

    first, later, much_later = (ledger.facts(ahead, NOW + past)[0] for past in (0, HOUR / 2, 5 * HOUR))

    assert (first.recovery_point, first.future) == (NOW, 1)
    assert (later.recovery_point, later.future) == (NOW, 1)
    assert (much_later.recovery_point, much_later.last_success, much_later.future) == (NOW, NOW, 0)


def test_what_is_gone_is_forgotten() -> None:
    ledger = Ledger()
    ledger.facts([Backup("x", "a", NOW + HOUR)], NOW)
    ledger.facts([], NOW + 1)

    assert ledger.facts([Backup("x", "a", NOW + HOUR)], NOW + 2)[0].recovery_point == NOW + 2


def test_names_from_outside_are_bounded() -> None:
    sources = Sources(())

    names = {sources.name(f"host{number}") for number in range(10 * MOST)}

    assert len(names) == MOST + 1
    assert "other" in names


def test_the_first_rule_that_fits_wins_and_what_none_fits_is_other() -> None:
    sources = Sources((Rule("a", host="web*", tag="x"), Rule("b", path="/srv/*"), Rule("c", host="web1")))

    assert sources.name("web1", "web1", ["/srv/app"], ["x", "y"]) == "a"
    assert sources.name("web1", "web1", ["/srv/app"], ["y"]) == "b"
    assert sources.name("web1", "web1", ["/home"], []) == "c"
    assert sources.name("db", "db", ["/home"], []) == "other"
