"""Dashboards come in: files, and the JSON files of folders. Raises SpecError where one cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.diagnostics import Diagnostic
from watchbill.errors import SpecError
from watchbill.load import codes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_BYTES = 16 * 1024 * 1024


def read_json_files(paths: Iterable[Path]) -> dict[str, str]:
    """Return file name -> text, folders read with all below them."""
    found: dict[str, str] = {}
    broken = []
    for path in paths:
        try:
            listed = sorted(p for p in path.rglob("*.json") if p.is_file()) if path.is_dir() else [path]
            for file in listed:
                if file.stat().st_size > MAX_BYTES:
                    message = f"larger than {MAX_BYTES // 1024 // 1024} MiB"
                    broken.append(Diagnostic(codes.TOO_BIG.slug, str(file), 1, 1, message, codes.TOO_BIG.fix))
                else:
                    found[str(file)] = file.read_bytes().decode("utf-8-sig")
        except OSError as exc:
            message = f"cannot be read: {exc.strerror or 'unknown reason'}"
            broken.append(Diagnostic(codes.UNREADABLE.slug, str(path), 1, 1, message, codes.UNREADABLE.fix))
        except UnicodeDecodeError as exc:
            message = f"byte 0x{exc.object[exc.start]:02x} is not UTF-8"
            broken.append(Diagnostic(codes.ENCODING.slug, str(path), 1, 1, message, codes.ENCODING.fix))
    if broken:
        raise SpecError(broken)
    return found
