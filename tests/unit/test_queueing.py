"""Queueing maths against published and exactly derived values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.queueing import delay_probability, erlang_c, safety, workers_needed


@pytest.mark.parametrize(
    ("delayed", "beta"),
    [(0.5, 0.506), (0.2, 1.062), (0.05, 1.740)],
    ids=["half of the jobs wait", "one in five waits", "one in twenty waits"],
)
def test_the_square_root_rule_has_the_published_betas(delayed: float, beta: float) -> None:
    assert safety(delayed) == pytest.approx(beta, abs=5e-4)
    assert delay_probability(safety(delayed)) == pytest.approx(delayed, abs=1e-9)


@pytest.mark.parametrize(
    ("workers", "load", "waits"),
    [(1, 0.7, 0.7), (2, 1.0, 1 / 3), (5, 3.0, 0.23615), (10, 8.0, 0.40918)],
    ids=["M/M/1 waits as often as it is busy", "two workers, half busy", "Erlang's table, 5", "Erlang's table, 10"],
)
def test_erlang_c_gives_the_tabulated_values(workers: int, load: float, waits: float) -> None:
    assert erlang_c(workers, load) == pytest.approx(waits, rel=1e-4)


def test_a_load_that_cannot_be_served_always_waits_and_none_never_does() -> None:
    assert (erlang_c(3, 3.0), erlang_c(3, 4.0), erlang_c(3, 0.0)) == (1.0, 1.0, 0.0)
    assert delay_probability(0) == 1.0


@pytest.mark.parametrize(("load", "exact"), [(1, 4), (5, 10), (20, 29), (100, 119), (500, 540)])
def test_one_more_than_the_rule_is_exact_or_one_too_many(load: float, exact: int) -> None:
    assert min(c for c in range(1, 600) if erlang_c(c, load) <= 0.05) == exact
    assert exact <= workers_needed(load, 0.05) <= exact + 1


@given(st.floats(0.1, 300), st.floats(0.05, 0.9))
def test_as_many_workers_as_it_says_keep_the_promise(load: float, delayed: float) -> None:
    assert erlang_c(workers_needed(load, delayed), load) <= delayed


@given(st.floats(0.1, 300), st.floats(0.001, 0.05))
def test_where_hardly_any_job_may_wait_one_more_is_enough(load: float, delayed: float) -> None:
    assert erlang_c(workers_needed(load, delayed) + 1, load) <= delayed


def test_a_backlog_takes_as_many_more_as_its_work_takes_in_the_time_there_is() -> None:
    assert workers_needed(10, 0.2, 3600, 900) == math.ceil(10 + 1.0618 * math.sqrt(10) + 4) + 1


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        safety(share)
