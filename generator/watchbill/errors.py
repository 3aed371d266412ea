"""One error tree: everything a user can cause derives from `WatchbillError` and ends with exit code 1 or 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.diagnostics import Diagnostic


class WatchbillError(Exception):
    """Something the user can mend; the message says what and how."""


class SpecError(WatchbillError):
    """The spec has errors; carries all of them."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(d.line_form() for d in self.diagnostics))


class OutputError(WatchbillError):
    """The bundle could not be written, or must not be."""


class ToolError(WatchbillError):
    """An outside tool (promtool, ...) is missing or failed to run."""


class LiveError(WatchbillError):
    """A running system (Alertmanager, Prometheus, ...) cannot be reached, refuses, or says what nobody understands."""
