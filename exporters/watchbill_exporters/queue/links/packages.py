"""Client libraries that only some sources need."""

from __future__ import annotations

from importlib.util import find_spec

from watchbill_exporters.core.errors import InvalidError


def need(*modules: str, extra: str = "queue") -> None:
    """Raise InvalidError at the target's `kind` when a package is not installed."""
    absent = [module for module in modules if find_spec(module) is None]
    if absent:
        verb = "is" if len(absent) == 1 else "are"
        message = f"this kind needs {' and '.join(absent)}, which {verb} not installed"
        raise InvalidError(("kind",), message, f"pip install 'watchbill[{extra}]'")
