"""Client libraries that only some sources need."""

from __future__ import annotations

from importlib import import_module

from watchbill_exporters.core.errors import InvalidError


def need(module: str, extra: str = "queue") -> None:
    """Raise InvalidError at the target's `kind` when a package is not installed, or does not work.

    It is imported, not looked for: psycopg is there without the libpq it needs, and a scrape has no time for imports.
    """
    try:
        import_module(module)
    except ImportError as error:
        found = isinstance(error, ModuleNotFoundError) and error.name == module
        message = "which is not installed" if found else f"which does not work: {error}"
        hint = f"pip install 'watchbill[{extra}]'"
        raise InvalidError(("kind",), f"this kind needs {module}, {message}", hint) from None
