"""All specs of a folder through slo-guard in one process: its own command takes one spec at a time."""

from __future__ import annotations

import sys
from pathlib import Path

from slo_guard import load_config, render_yaml  # type: ignore[import-not-found, import-untyped, unused-ignore]


def main(specs: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    for spec in sorted(specs.iterdir()):
        config = load_config(spec)
        text = render_yaml(config.slo, config.error_selector, config.total_selector)
        (out / spec.name).with_suffix(".yml").write_text(text, encoding="utf-8")


main(*map(Path, sys.argv[1:]))
