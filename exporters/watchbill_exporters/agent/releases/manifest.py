"""The manifest of a release: prompts, skills, tools and a graph, each with the hash of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from watchbill_exporters.core.config import load
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.fields import Name, Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.core.diagnostics import Diagnostic

Sha256 = Annotated[str, Field(pattern=r"^(sha256:)?[0-9a-f]{64}$")]
SHORT = 12
MOST_BYTES = 64 * 1024 * 1024


class PartSection(Section):
    """A prompt, a skill, a tool manifest."""

    name: Name
    sha256: Sha256 = Field(description="Of the file's bytes, in lower case.")
    file: Path | None = Field(None, description="As seen from the manifest; without it the hash is believed.")


class GraphSection(Section):
    """The graph, or whatever decides which checkpoints can be loaded."""

    version: Name
    sha256: Sha256 | None = None
    file: Path | None = None


class ManifestSection(Section):
    """A manifest."""

    agent: Name
    release: Name
    graph: GraphSection
    prompts: tuple[PartSection, ...] = ()
    skills: tuple[PartSection, ...] = ()
    tools: tuple[PartSection, ...] = ()


@dataclass(frozen=True)
class Release:
    """The labels of `agent_release_info`."""

    agent: str
    release: str
    graph_version: str
    prompt_version: str
    toolset_version: str


@dataclass(frozen=True)
class Manifest:
    """What a manifest says, and what is wrong with it; `files` are those it depends on."""

    release: Release | None
    faults: tuple[Diagnostic, ...] = ()
    files: tuple[Path, ...] = ()


def read(file: Path) -> Manifest:
    """Read a manifest and hash the files it names. Never raises: faults are part of what is found."""
    try:
        source = load.load(file)
        section = load.validate(source, ManifestSection)
    except ConfigError as error:
        return Manifest(None, error.diagnostics, (file,))
    faults: list[Diagnostic] = []
    files = [file]
    for key, part in _parts(section):
        if part.file is None:
            continue
        path = file.parent / part.file
        files.append(path)
        found = _hash(path)
        if found is None:
            faults.append(
                source.diagnose((*key, "file"), f"{part.file} cannot be read", "Ship it beside the manifest.")
            )
        elif part.sha256 is None:
            faults.append(source.diagnose((*key, "file"), f"{part.file} has no sha256 here", f"It is {found}."))
        elif found != _digits(part.sha256):
            hint = f"It is {found}. Release what was tested, or write the manifest anew."
            faults.append(source.diagnose((*key, "sha256"), f"{part.file} has another content", hint))
    return Manifest(_release(section), tuple(faults), tuple(files))


def _parts(section: ManifestSection) -> Iterable[tuple[tuple[str | int, ...], PartSection | GraphSection]]:
    yield ("graph",), section.graph
    for key in ("prompts", "skills", "tools"):
        for index, part in enumerate(getattr(section, key)):
            yield (key, index), part


def _release(section: ManifestSection) -> Release:
    return Release(
        section.agent,
        section.release,
        section.graph.version,
        version_of((*section.prompts, *section.skills)),
        version_of(section.tools),
    )


def version_of(parts: Iterable[PartSection]) -> str:
    """Return a short hash of names and hashes, in order of name: it changes when any content does."""
    lines = sorted(f"{part.name} {_digits(part.sha256)}\n" for part in parts)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:SHORT] if lines else ""


def _digits(sha256: str) -> str:
    return sha256.removeprefix("sha256:")


def _hash(path: Path) -> str | None:
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except OSError:
        return None
    return hashlib.sha256(data).hexdigest() if len(data) <= MOST_BYTES else None
