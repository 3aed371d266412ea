"""Options and steps that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watchbill.diagnostics import Severity
from watchbill.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from watchbill.diagnostics import Diagnostic
    from watchbill.load import Loaded

DEFAULT_SPEC = "watchbill.yaml"


def spec_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the SPEC argument: files and folders that make one spec."""
    return click.argument(
        "spec", nargs=-1, type=click.Path(path_type=Path), metavar="[SPEC]...", default=None, required=False
    )(function)


def out_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --out."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="Folder of the bundle.  [default: .]",
    )(function)


def checked(spec: Sequence[Path]) -> tuple[Loaded, list[Diagnostic]]:
    """Return the loaded spec and its warnings. Raises SpecError if there are errors."""
    from watchbill.lint import lint
    from watchbill.load import load

    loaded = load(list(spec) or [Path(DEFAULT_SPEC)])
    found = loaded.diagnose(lint(loaded.document, loaded.notes))
    if any(d.severity is Severity.ERROR for d in found):
        raise SpecError(found)
    return loaded, found
