"""The packaged Jinja templates, compiled once."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from watchbill.conventions import GENERATED_MARK
from watchbill.targets.runbooks.escape import broken_camel, cell, prose


@lru_cache(maxsize=1)
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("watchbill.targets.runbooks", "templates"),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters.update(prose=prose, cell=cell, camel=broken_camel)
    found.globals["mark"] = GENERATED_MARK
    for part in ("style.css", "page.js", "index.js"):
        source, _, _ = found.loader.get_source(found, part) if found.loader else ("", "", None)
        slim = "".join(f"{line.strip()}\n" for line in source.splitlines())
        found.globals[part.replace(".", "_")] = Markup(slim)  # noqa: S704 - packaged with the templates
    return found


@lru_cache(maxsize=8)
def template(name: str) -> Template:
    """Return a compiled template."""
    return _environment().get_template(name)
