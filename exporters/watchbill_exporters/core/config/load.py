"""File -> validated section; pydantic's errors become diagnostics with a place, a sentence and a hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from watchbill_exporters.core.config.marks import MAX_BYTES, Path, SyntaxFault, Tree, read
from watchbill_exporters.core.diagnostics import Diagnostic, did_you_mean, masked
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.fields import secret_fields

if TYPE_CHECKING:
    import pathlib

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Source:
    """The text of a config and its tree, to say where a fault is."""

    file: str
    text: str
    tree: Tree

    def diagnose(self, path: Path, message: str, hint: str = "", *, on_key: bool = False) -> Diagnostic:
        line, column = self.tree.locate(path, on_key=on_key)
        lines = self.text.split("\n")
        source = lines[line - 1] if line <= len(lines) else ""
        return Diagnostic(self.file, line, column, message, hint, masked(source, path))


def load(file: pathlib.Path) -> Source:
    """Read a YAML file. Raises ConfigError."""
    name = str(file)
    try:
        with file.open("rb") as handle:
            text = handle.read(MAX_BYTES + 1).decode("utf-8-sig")
        return Source(name, text, read(text))
    except OSError as error:
        fault = Diagnostic(name, 1, 1, f"cannot be read: {error.strerror}", "Check path and permissions.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = Diagnostic(name, line, 1, "not UTF-8", "Save the file as UTF-8.")
    except SyntaxFault as error:  # no excerpt: without a tree nobody knows whether the line is part of a secret
        fault = Diagnostic(name, *error.place, str(error), "Mend the YAML at this place.")
    raise ConfigError([fault])


def validate(source: Source, model: type[Model]) -> Model:
    """Return the model. Raises ConfigError with all faults, in order of place."""
    try:
        return model.model_validate(source.tree.root)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise ConfigError(sorted({_diagnostic(source, model, found) for found in errors})) from None


def _diagnostic(source: Source, model: type[BaseModel], error: Any) -> Diagnostic:
    path, kind, context = tuple(error["loc"]), error["type"], error.get("ctx") or {}
    last = str(path[-1])[:60] if path else "the file"
    match kind:
        case "extra_forbidden":
            hint = did_you_mean(last, known_keys(model, path[:-1]))
            return source.diagnose(path, f"'{last}' is not known here", hint, on_key=True)
        case "missing":
            return source.diagnose(path[:-1], f"'{last}' is missing", "Add the key.")
        case "union_tag_invalid":
            return source.diagnose((*path, "kind"), "no such kind", f"known here: {context['expected_tags']}")
        case "union_tag_not_found":
            return source.diagnose(path, "'kind' is missing", "Say what stands there, such as `kind: redis`.")
        case "watchbill":
            return source.diagnose(path, f"{last}: {context['text']}", context["hint"])
        case _:
            return source.diagnose(path, f"{last}: {error['msg'][:1].lower()}{error['msg'][1:]}")


def known_keys(model: type[BaseModel], path: Path) -> set[str]:
    """Return the keys of the section at a pydantic location, which also holds indices and the tags of unions."""
    models: list[type[BaseModel]] = [model]
    for part in path:
        below = [
            m for owner in models if part in owner.model_fields for m in _models(owner.model_fields[part].annotation)
        ]
        models = below or [m for m in models if part in _tags(m)] or models
    return {key for owner in models for name in owner.model_fields for key in _spellings(owner, name)}


def _spellings(model: type[BaseModel], name: str) -> tuple[str, ...]:
    written = model.model_fields[name].alias or name
    return (written, f"{name}_file", f"{name}_env") if name in secret_fields(model) else (written,)


def _tags(model: type[BaseModel]) -> tuple[str, ...]:
    kind = model.model_fields.get("kind")
    return getattr(kind.annotation, "__args__", ()) if kind is not None else ()


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _models(inner)]
