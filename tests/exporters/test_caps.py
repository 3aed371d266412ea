"""Whatever comes in, pages and memory stay bounded, and what is left out is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import Metric

from tests.exporters.configs import write
from tests.exporters.pages import value, values
from tests.exporters.running import Exporting
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core.families import Merger, gauge
from watchbill_exporters.core.overflow import LONGEST, OTHER, LabelLimit

MILLION = 1_000_000


def test_a_million_label_values_become_a_few_and_other_and_no_more_is_kept() -> None:
    limit = LabelLimit("model", allowed=("gpt",), most=97)

    admitted = {limit.admit(f"model-{number}") for number in range(MILLION)}

    assert len(admitted) == 97 + 1
    assert len(limit._others) == 97
    assert limit.overflowed == MILLION - 97
    assert limit.admit("gpt") == "gpt"
    assert limit.admit("model-96") == "model-96"


def test_only_allowed_values_pass_where_there_is_no_room_for_others() -> None:
    limit = LabelLimit("tenant", allowed=("acme",))

    assert [limit.admit(value) for value in ("acme", "evil", "")] == ["acme", OTHER, OTHER]
    assert limit.overflowed == 2


def test_a_value_too_long_or_empty_is_other() -> None:
    limit = LabelLimit("tool", most=7)

    assert limit.admit("x" * (LONGEST + 1)) == OTHER
    assert limit.admit("") == OTHER


def test_an_idle_value_makes_room_for_the_next() -> None:
    limit = LabelLimit("model", allowed=("gpt",), most=1)
    assert limit.admit("a") == "a"
    limit.forget("gpt")
    assert limit.admit("b") == OTHER

    limit.forget("a")

    assert limit.admit("b") == "b"
    assert limit.admit("gpt") == "gpt"
    assert limit.admit("c") == OTHER


def test_posted_values_over_the_limit_are_other_and_counted(tmp_path: Path) -> None:
    with Exporting(EXPORTER, write(tmp_path, lines={"words": 3})) as running:
        for block in range(11):
            body = "".join(f"word-{block}-{number}\n" for number in range(997))
            assert running.post("/lines", body.encode()).status_code == 200
        page = running.get().text

    assert value(page, "sample_lines_total", word=OTHER) == 11 * 997 - 3
    assert value(page, "sample_exporter_label_overflow_total", label="word") == 11 * 997 - 3
    assert sum(name == "sample_lines_total" for name, _ in values(page)) == 4


def test_a_family_over_the_cap_is_cut_and_counted(tmp_path: Path) -> None:
    config = write(tmp_path, lines={"words": 500}, limits={"series_per_family": 13})
    with Exporting(EXPORTER, config) as running:
        running.post("/lines", "".join(f"w{number}\n" for number in range(101)).encode())
        running.get()
        page = running.get().text

    assert sum(name == "sample_lines_total" for name, _ in values(page)) == 13
    assert value(page, "sample_exporter_series_dropped_total", family="sample_lines") == 2 * 88


def test_a_histogram_is_kept_whole_or_not_at_all() -> None:
    merger = Merger(cap=9)
    family = Metric("seconds", "Seconds.", "histogram")
    for agent in ("a", "b", "c"):
        for bound in ("1.0", "+Inf"):
            family.add_sample("seconds_bucket", {"agent": agent, "le": bound}, 7)
        family.add_sample("seconds_count", {"agent": agent}, 7)
        family.add_sample("seconds_sum", {"agent": agent}, 7)

    merger.add(family)

    (kept,) = merger.families()
    assert len(kept.samples) == 8
    assert merger.dropped == {"seconds": 4}


def test_a_series_of_two_targets_is_shown_once_and_counted() -> None:
    merger = Merger()
    merger.add(gauge("jobs", "Jobs.", [({"queue": "a"}, 3), ({"queue": "b"}, 5)]))
    merger.add(gauge("jobs", "Jobs.", [({"queue": "b"}, 7), ({"queue": "c"}, 11)]))

    (family,) = merger.families()
    assert [(sample.labels["queue"], sample.value) for sample in family.samples] == [("a", 3), ("b", 5), ("c", 11)]
    assert merger.dropped == {"jobs": 1}


def test_families_of_one_name_and_two_types_are_not_mixed() -> None:
    merger = Merger()
    merger.add(gauge("jobs", "Jobs.", [({}, 3)]))
    merger.add(Metric("jobs", "Jobs.", "counter"))
    other = Metric("jobs", "Jobs.", "counter")
    other.add_sample("jobs_total", {}, 5)
    merger.add(other)

    assert len(merger.families()) == 1
    assert merger.dropped["jobs"] == 1


@pytest.mark.slow
def test_memory_is_flat_over_thousands_of_scrapes_and_posts(tmp_path: Path) -> None:
    with Exporting(EXPORTER, write(tmp_path, lines={"words": 1000})) as running:

        def load(rounds: int) -> float:
            for block in range(rounds):
                running.post("/lines", "".join(f"w{block}-{number}\n" for number in range(1009)).encode())
                running.get()
            return _resident()

        first = load(300)
        second = load(2_000)

    assert second - first < 8_000_000


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096.0
