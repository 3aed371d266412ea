"""Read, merge, validate: the way from paths to a Document, or to all of its diagnostics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill.diagnostics import Diagnostic, Severity
from watchbill.errors import SpecError
from watchbill.load import codes
from watchbill.load.masked import cut, masked
from watchbill.load.merge import merge
from watchbill.load.notes import Refused, read_notes
from watchbill.load.tree import Broken, Pos, Tree, build
from watchbill.load.validate import validate
from watchbill.spec.receivers import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watchbill.diagnostics import Problem
    from watchbill.model import Note
    from watchbill.spec import Document

MAX_BYTES = 16 * 1024 * 1024
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid document, and what is needed to say where each of its parts stands."""

    document: Document
    tree: Tree
    files: tuple[str, ...]
    texts: tuple[str, ...]
    digest: str
    notes: tuple[Note, ...] = ()

    def diagnose(self, problems: Iterable[Problem]) -> list[Diagnostic]:
        """Tie problems to their places, in order of place."""
        return sorted((self._tied(p) for p in problems), key=Diagnostic.order)

    def _tied(self, problem: Problem) -> Diagnostic:
        slug, message, severity = problem.code.slug, problem.message, problem.code.severity
        hint = problem.hint or problem.code.fix
        if (spot := problem.spot) is not None:
            at = (spot.file, spot.line, spot.column)
            return Diagnostic(slug, *at, message, hint, severity, spot.source, spot.width)
        pos = self.tree.locate(problem.path, on_key=problem.on_key)
        return place(self.files, self.texts, pos, slug, message, hint, severity)


def load(paths: Sequence[Path]) -> Loaded:
    """Return the document that files and folders (their *.yaml, *.yml) make. Raises SpecError with every fault."""
    files: list[tuple[str, str]] = []
    broken: list[Diagnostic] = []
    for path in _expanded(paths, broken):
        try:
            if path.stat().st_size > MAX_BYTES:
                message = (
                    f"{path.stat().st_size // 1024 // 1024} MiB; a spec file may have {MAX_BYTES // 1024 // 1024} MiB"
                )
                broken.append(Diagnostic(codes.TOO_BIG.slug, str(path), 1, 1, message, codes.TOO_BIG.fix))
                continue
            data = path.read_bytes()
        except OSError as exc:
            message = f"cannot be read: {exc.strerror or 'unknown reason'}"
            broken.append(Diagnostic(codes.UNREADABLE.slug, str(path), 1, 1, message, codes.UNREADABLE.fix))
            continue
        try:
            files.append((str(path), data.decode("utf-8-sig")))
        except UnicodeDecodeError as exc:
            before = data[: exc.start]
            line = before.count(b"\n") + 1
            column = len(before) - before.rfind(b"\n")
            message = f"byte 0x{data[exc.start]:02x} is not UTF-8"
            broken.append(Diagnostic(codes.ENCODING.slug, str(path), line, column, message, codes.ENCODING.fix))
    if broken:
        raise SpecError(broken)
    return _with_notes(load_texts(files))


def _with_notes(loaded: Loaded) -> Loaded:
    """Return the document with the notes of its knowledge folder, which stands beside the file that names it."""
    name = loaded.document.knowledge
    if not name:
        return loaded
    pos = loaded.tree.locate(("knowledge",))
    try:
        notes, faults = read_notes(Path(loaded.files[pos.file]), name)
    except Refused as exc:
        code = exc.code
        one = place(loaded.files, loaded.texts, pos, code.slug, exc.message, code.fix, code.severity)
        raise SpecError([one]) from None
    if faults:
        raise SpecError(faults)
    digest = sha256("\0".join([loaded.digest, *(f"{n.name}\0{n.text}" for n in notes)]).encode()).hexdigest()
    return replace(loaded, notes=notes, digest=digest)


def load_texts(files: Sequence[tuple[str, str]]) -> Loaded:
    """Return the document of (name, text) pairs. Raises SpecError with every fault that can be told at once."""
    names = tuple(name for name, _ in files)
    texts = tuple(text for _, text in files)
    trees: list[Tree] = []
    broken: list[Diagnostic] = []

    def report(exc: Broken) -> None:
        hint = exc.hint or exc.code.fix
        broken.append(place(names, texts, exc.pos, exc.code.slug, exc.message, hint, exc.code.severity))

    for i, text in enumerate(texts):
        try:
            tree = build(text, i)
        except Broken as exc:
            report(exc)
            continue
        if tree.root is None or isinstance(tree.root, dict):
            trees.append(tree)
        else:
            report(Broken(codes.SHAPE, tree.root_pos, "a spec is a mapping of sections"))
    if broken:
        raise SpecError(broken)
    merged, faults = merge(trees, names)
    for fault in faults:
        report(fault)
    if broken:
        raise SpecError(broken)
    document, problems = validate(merged)
    if document is None:
        places = [
            place(names, texts, pos, code.slug, message, hint or code.fix, Severity.ERROR)
            for pos, code, message, hint in problems
        ]
        raise SpecError(sorted(places, key=Diagnostic.order))
    digest = sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    return Loaded(document, merged, names, texts, digest)


def place(
    names: Sequence[str], texts: Sequence[str], pos: Pos, code: str, message: str, hint: str, severity: Severity
) -> Diagnostic:
    """Return the diagnostic with its source line."""
    lines = _lines(texts[pos.file])
    source = lines[pos.line - 1] if 0 < pos.line <= len(lines) else ""
    source = cut(source, pos.column) if code == SECRET.slug else masked(source)
    return Diagnostic(code, names[pos.file], pos.line, pos.column, message, hint, severity, source, pos.width)


@lru_cache(maxsize=16)
def _lines(text: str) -> list[str]:
    """Split a text once, however many diagnostics it has."""
    return text.splitlines()


def _expanded(paths: Sequence[Path], broken: list[Diagnostic]) -> list[Path]:
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and p.is_file())
            if not inside:
                message = "the folder holds no *.yaml or *.yml file"
                broken.append(Diagnostic(codes.UNREADABLE.slug, str(path), 1, 1, message, codes.UNREADABLE.fix))
            out.extend(inside)
        else:
            out.append(path)
    return list(dict.fromkeys(out))
