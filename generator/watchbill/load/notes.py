"""The knowledge folder: runbook text of the user's own, beside the spec."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from watchbill.conventions import GENERATED_MARK
from watchbill.diagnostics import Code, Diagnostic
from watchbill.model import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_FOLDER = Code(
    "WB500",
    "Knowledge folder not found",
    "Text that is looked for in the wrong place would be missing on every page.",
    "Create the folder, or mend the path: it is relative to the spec file.",
)
OUTSIDE = Code(
    "WB501",
    "Knowledge folder outside of the spec's",
    "A bundle is made of the spec's folder alone, so that it is the same on every machine.",
    "Name a folder below that of the spec file, without `..` and not from the root.",
)
UNREADABLE = Code(
    "WB502",
    "Knowledge file cannot be read",
    "Notes are UTF-8 text in regular files, written by people.",
    "Save the file as UTF-8 directly in the knowledge folder.",
)
TOO_BIG = Code(
    "WB503",
    "Knowledge too big",
    "Pages are read on a phone; a note over 256 KiB, or more than 2,000 of them, are accidents.",
    "Cut the text, or link to it.",
)
CODES = (NO_FOLDER, OUTSIDE, UNREADABLE, TOO_BIG)

MAX_BYTES = 256 * 1024
MAX_FILES = 2000
SUFFIX = ".md"
IGNORED = frozenset({"README.md"})
"""What a folder says about itself is no note."""


class Refused(Exception):  # noqa: N818 - never leaves this package
    """The folder cannot be used; the spec says so at the place of its name."""

    def __init__(self, code: Code, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def read_notes(spec: Path, name: str) -> tuple[tuple[Note, ...], list[Diagnostic]]:
    """Return the notes in the folder `name` beside the spec, and what is wrong with single files.

    Raises Refused where the folder cannot be used at all.
    """
    folder = _folder(spec, name)
    notes: list[Note] = []
    faults: list[Diagnostic] = []
    try:
        paths = sorted(_files(folder))
    except OSError as exc:
        raise Refused(NO_FOLDER, f"'{name}' cannot be read: {exc.strerror or 'unknown reason'}") from None
    if len(paths) > MAX_FILES:
        raise Refused(TOO_BIG, f"'{name}' holds {len(paths)} files")
    for path in paths:
        try:
            notes.append(_note(folder, path, spec.parent.resolve()))
        except _Fault as exc:
            faults.append(Diagnostic(exc.code.slug, str(path), exc.line, exc.column, exc.message, exc.code.fix))
    return tuple(notes), faults


def _folder(spec: Path, name: str) -> Path:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not name.isprintable() or name.startswith(("/", "\\", "~")) or ".." in parts or not parts or ":" in parts[0]:
        raise Refused(OUTSIDE, "this is no folder below that of the spec")
    folder = spec.parent.joinpath(*parts)
    try:
        if not folder.is_dir():
            raise Refused(NO_FOLDER, f"there is no folder '{name}' beside the spec")
        inside = folder.resolve().is_relative_to(spec.parent.resolve())
    except OSError as exc:
        raise Refused(NO_FOLDER, f"'{name}' cannot be read: {exc.strerror or 'unknown reason'}") from None
    if not inside:
        raise Refused(OUTSIDE, f"'{name}' leads out of the spec's folder")
    return folder


def _files(folder: Path) -> Iterator[Path]:
    """Yield the notes, and those in folders below, which are refused rather than passed over."""
    for here, _, names in os.walk(folder):
        yield from (Path(here) / n for n in names if n.endswith(SUFFIX) and n not in IGNORED and n[0] != ".")


class _Fault(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, code: Code, message: str, line: int = 1, column: int = 1) -> None:
        self.code, self.message, self.line, self.column = code, message, line, column
        super().__init__(message)


def _note(folder: Path, path: Path, root: Path) -> Note:
    if path.parent != folder:
        raise _Fault(UNREADABLE, "notes stand directly in the knowledge folder, not in one below it")
    try:
        if not path.resolve().is_relative_to(root):
            raise _Fault(OUTSIDE, "the file leads out of the spec's folder")
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise _Fault(UNREADABLE, "this is no regular file")
        if state.st_size > MAX_BYTES:
            message = f"{state.st_size // 1024} KiB; a note may have {MAX_BYTES // 1024} KiB"
            raise _Fault(TOO_BIG, message)
        data = path.read_bytes()
    except OSError as exc:
        raise _Fault(UNREADABLE, f"cannot be read: {exc.strerror or 'unknown reason'}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        before = data[: exc.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise _Fault(UNREADABLE, f"byte 0x{data[exc.start]:02x} is not UTF-8", line, column) from None
    if GENERATED_MARK in text[:400]:
        raise _Fault(UNREADABLE, "watchbill wrote this file itself; notes need a folder of their own")
    return Note(path.name.removesuffix(SUFFIX), str(path), text)
