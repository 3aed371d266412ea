"""What may be inflated on the event loop, and what is left for a thread."""

from __future__ import annotations

import gzip

import pytest

from watchbill_exporters.core.web.bodies import BodyError, inflate_small

LIMIT = 1009


def test_a_small_body_is_inflated_at_once() -> None:
    assert inflate_small(b"a" * LIMIT, "", LIMIT) == b"a" * LIMIT
    assert inflate_small(gzip.compress(b"a" * LIMIT), "gzip", LIMIT) == b"a" * LIMIT


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_that_is_large_or_becomes_so_is_left_for_a_thread(encoding: str) -> None:
    body = b"a" * (LIMIT + 1)
    assert inflate_small(gzip.compress(body) if encoding else body, encoding, LIMIT) is None


def test_a_broken_body_is_refused_at_once() -> None:
    with pytest.raises(BodyError) as caught:
        inflate_small(b"no gzip", "gzip", LIMIT)
    assert caught.value.status == 400
