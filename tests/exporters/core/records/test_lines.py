"""Lines are the same however the bytes are cut into reads."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from watchbill_exporters.core.records.lines import cut

CAP = 7
texts = st.lists(st.sampled_from([b"a", b"\n", b"\0", b"bcdefghi", b" ", b"\r\n"])).map(b"".join)


def read(chunks: list[bytes]) -> tuple[list[bytes], int, bytes]:
    """Return the lines, how many were too long, and what waits."""
    waiting, skipping, too_long = b"", False, 0
    lines: list[bytes] = []
    for chunk in chunks:
        waiting += chunk
        found = cut(waiting, CAP, skipping=skipping)
        waiting, skipping = waiting[found.taken :], found.skipping
        lines += found.lines
        too_long += found.too_long
    return lines, too_long, waiting


def test_a_half_written_line_waits() -> None:
    assert read([b"one\ntw"]) == ([b"one"], 0, b"tw")
    assert read([b"one\ntw", b"o\n"]) == ([b"one", b"two"], 0, b"")


def test_a_line_over_the_cap_is_counted_once_and_the_next_one_is_read() -> None:
    assert read([b"12345678", b"9", b"0\nnext\n"]) == ([b"next"], 1, b"")


def test_a_line_of_just_the_cap_is_taken() -> None:
    assert read([b"1234567\n"]) == ([b"1234567"], 0, b"")


def test_a_hole_of_nul_bytes_before_a_line_is_no_part_of_it() -> None:
    assert read([b"\0" * 40, b"\0\0one\n"]) == ([b"one"], 0, b"")


@given(texts, st.lists(st.integers(0, 60)))
def test_any_chunking_gives_the_same_lines(data: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(data), *(at for at in cuts if at < len(data))})
    chunks = [data[a:b] for a, b in pairwise(places)]
    assert read(chunks)[:2] == read([data])[:2]
