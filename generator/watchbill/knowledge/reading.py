"""Text of a knowledge file -> Topic, and everything that is wrong with its frame."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from watchbill.diagnostics import Problem, Spot, did_you_mean
from watchbill.knowledge import codes
from watchbill.knowledge.headings import HEADINGS, plain
from watchbill.knowledge.topic import Section, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Note

LISTS = ("families", "metrics", "adds")
KEYS = ("title", *LISTS, "order")
FENCE = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)*(`{3,}|~{3,})")
_HEADING = re.compile(r"##[ \t]+(.+?)[ \t]*#*")
_LAST = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_CONTROL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{_LAST}]")
"""Characters that HTML does not allow: controls, and those that Unicode gives to nobody."""
_PATTERN = re.compile(r"[a-zA-Z0-9_:*?\[\]-]+")


def read(note: Note) -> tuple[Topic, list[Problem]]:
    """Return the topic a file makes, as far as it can be read, and what is wrong with it."""
    problems: list[Problem] = []
    lines = _CONTROL.sub("\ufffd", note.text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    topic = Topic(note.name, note.file)
    start = 0
    if lines[0].strip() == "---":
        end = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
        if end is None:
            spot = Spot(note.file, 1, 1, 3, lines[0])
            return topic, [Problem((), codes.FRONT_MATTER, "the front matter has no closing ---", spot=spot)]
        topic = replace(topic, **_matter(note.file, lines[1:end], problems))
        start = end + 1
    sections = [s for s in _sections(note.file, lines, start, problems) if s.heading or s.text.strip()]
    lead = next((s for s in sections if not s.heading), None)
    return replace(topic, lead=lead, sections=tuple(s for s in sections if s.heading)), problems


def _matter(file: str, lines: list[str], problems: list[Problem]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, text = line.partition(":")
        key, text = key.strip(), text.strip()
        message, hint = "", ""
        if not colon:
            message = "this line is no `key: value`"
        elif key not in KEYS:
            message, hint = f"'{key[:60]}' is not known here", did_you_mean(key, KEYS)
        elif key in found:
            message = f"'{key}' is given twice"
        elif key == "order" and not re.fullmatch(r"\d{1,4}", text, re.ASCII):
            message = "'order' must be a whole number from 0 to 9999"
        elif key in LISTS:
            found[key] = tuple(filter(None, (w.strip(" '\"") for w in text.strip("[]").split(","))))
            if key == "adds":
                found[key] = tuple(plain(w) for w in found[key])
                wrong = [w for w in found[key] if w not in HEADINGS]
            else:
                wrong = [w for w in found[key] if not _PATTERN.fullmatch(w)]
            message = f"'{wrong[0][:60]}' cannot stand in '{key}'" if wrong else ""
        else:
            found[key] = int(text) if key == "order" else text.strip("'\"")
        if message:
            spot = Spot(file, number, 1, max(1, len(line)), line)
            problems.append(Problem((), codes.FRONT_MATTER, message, hint, spot=spot))
    return found


def _sections(file: str, lines: list[str], start: int, problems: list[Problem]) -> Iterator[Section]:
    heading, begin, fence = "", start, ""
    seen: set[str] = set()
    for i, line in enumerate(lines[start:], start):
        mark = FENCE.match(line)
        if mark and (not fence or (mark[1].startswith(fence) and not line.strip().strip(mark[1][0]))):
            fence = "" if fence else mark[1]
            continue
        found = None if fence else _HEADING.fullmatch(line)
        if found is None:
            continue
        yield _section(file, heading, lines, begin, i)
        begin, heading = i + 1, plain(found[1])
        spot = Spot(file, i + 1, 4, len(found[1]), line)
        if heading not in HEADINGS:
            hint = did_you_mean(heading, HEADINGS)
            problems.append(Problem((), codes.UNKNOWN_HEADING, f"no section '{heading[:60]}'", hint, spot=spot))
        elif heading in seen:
            problems.append(Problem((), codes.TWICE, f"'{heading}' was given above", spot=spot))
        seen.add(heading)
    yield _section(file, heading, lines, begin, len(lines))


def _section(file: str, heading: str, lines: list[str], begin: int, end: int) -> Section:
    while begin < end and not lines[begin].strip():
        begin += 1
    return Section(heading, "\n".join(lines[begin:end]).rstrip(), file, begin + 1)
