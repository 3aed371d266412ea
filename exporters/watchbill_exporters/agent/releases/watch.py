"""Keeps the info of each manifest as it is on disk; reads again only what has changed."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.operations import RELEASE_INFO
from watchbill_exporters.agent.catalogue.records import MANIFEST_FAULTS
from watchbill_exporters.agent.releases.manifest import Manifest, Release, read
from watchbill_exporters.core import log

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from watchbill_exporters.core.memory.tally import Tally

_log = log.logger(__name__)
Stamp = tuple[tuple[int, int, int], ...]


class Watch:
    """One thread calls it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._known: dict[Path, tuple[Stamp, Manifest]] = {}
        self._shown: dict[Release, tuple[str, ...]] = {}

    def look(self, files: tuple[Path, ...]) -> None:
        """Read what has changed, and show what holds now."""
        for file in self._known.keys() - set(files):
            del self._known[file]
            self._tally.remove(MANIFEST_FAULTS, (file.name,))
        for file in files:
            known = self._known.get(file)
            if known is None or known[0] != _stamp(known[1].files):
                manifest = read(file)
                self._known[file] = (_stamp(manifest.files), manifest)
                self._tell(file, manifest)
        self._show({manifest.release for _, manifest in self._known.values() if manifest.release is not None})

    def _tell(self, file: Path, manifest: Manifest) -> None:
        self._tally.put(MANIFEST_FAULTS, (file.name,), len(manifest.faults))
        for fault in manifest.faults:
            place = f"{fault.file}:{fault.line}:{fault.column}"
            _log.warning("manifest is wrong", at=place, fault=fault.message, hint=fault.hint)

    def _show(self, releases: set[Release]) -> None:
        with self._tally.lock:
            for gone in self._shown.keys() - releases:
                self._tally.remove(RELEASE_INFO, self._shown.pop(gone))
            for new in releases - self._shown.keys():
                self._shown[new] = self._tally.admitted(RELEASE_INFO, astuple(new))
            for labels in self._shown.values():
                self._tally.put(RELEASE_INFO, labels, 1)


def _stamp(files: Iterable[Path]) -> Stamp:
    out = []
    for file in files:
        try:
            found = file.stat()
            out.append((found.st_ino, found.st_size, found.st_mtime_ns))
        except OSError:
            out.append((0, 0, 0))
    return tuple(out)
