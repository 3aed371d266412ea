"""Configs of the sample exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path


def a_target(port: int, name: str = "main", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "redis", "port": port, **more}


def write(folder: Path, *targets: dict[str, Any], **more: Any) -> Path:
    """Write a config and return its path; keys of `more` stand at the top."""
    path = folder / "sample.yaml"
    fresh = folder / "sample.yaml.new"
    fresh.write_text(yaml.safe_dump({"targets": list(targets), **more}), encoding="utf-8")
    fresh.replace(path)
    return path
