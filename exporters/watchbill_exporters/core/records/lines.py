"""Bytes -> whole lines. However the bytes are cut into reads, the lines and the refusals are the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """What a read gave. `taken` bytes are done with; the rest is a line that is not yet whole."""

    lines: tuple[bytes, ...] = ()
    too_long: int = 0
    taken: int = 0
    skipping: bool = False


def cut(data: bytes, cap: int, *, skipping: bool = False) -> Cut:
    """Cut what was read from the start of a line, or within one that is too long and skipped.

    A line of more than `cap` bytes is counted once, when it is seen to be too long. NUL bytes before a line are no
    part of it: a writer without O_APPEND leaves a hole of them in a file that was truncated under it.
    """
    lines: list[bytes] = []
    too_long = start = 0
    while (end := data.find(b"\n", start)) >= 0:
        line = data[start:end].lstrip(b"\0")
        if not skipping and len(line) > cap:
            too_long += 1
        elif not skipping and (line := line.strip()):
            lines.append(line)
        skipping, start = False, end + 1
    rest = data[start:]
    if skipping:
        return Cut(tuple(lines), too_long, len(data), skipping=True)
    whole = rest.lstrip(b"\0")
    if len(whole) > cap:
        return Cut(tuple(lines), too_long + 1, len(data), skipping=True)
    return Cut(tuple(lines), too_long, start + len(rest) - len(whole))
