"""Plain values -> Document; pydantic's errors become diagnostics with a place, a sentence and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from watchbill.diagnostics import Code, did_you_mean
from watchbill.load import codes
from watchbill.spec import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.load.tree import Pos, Tree

Found = tuple["Pos", Code, str, str]


def validate(tree: Tree) -> tuple[Document | None, list[Found]]:
    """Return the document, or None and everything that is wrong with it."""
    try:
        return Document.model_validate(tree.root if tree.root is not None else {}), []
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
    except RecursionError:
        return None, [(tree.root_pos, codes.TOO_BIG, "nested too deeply to be read", "")]
    return None, [_found(tree, error) for error in errors if not _follows(error, errors)]


def _follows(error: Any, errors: list[Any]) -> bool:
    """Whether a list is too short only because what is in it is wrong: that is told already."""
    inside = error["loc"]
    return error["type"] == "too_short" and any(len(e["loc"]) > len(inside) == _shared(e, error) for e in errors)


def _shared(one: Any, other: Any) -> int:
    return sum(a == b for a, b in zip(one["loc"], other["loc"], strict=False))


def _found(tree: Tree, error: Any) -> Found:  # noqa: PLR0911 - one return per kind of error
    whole, kind, context = tuple(error["loc"]), str(error["type"]), error.get("ctx") or {}
    path = untagged(whole)
    last = str(path[-1])[:60] if path else ""
    if kind.startswith("WB"):
        return tree.locate(path), Code(kind, "", "", ""), str(context["text"]), str(context["hint"])
    if kind == "extra_forbidden":
        known = known_keys(whole[:-1])
        return (
            tree.locate(path, on_key=True),
            codes.UNKNOWN_KEY,
            f"'{last}' is not known here",
            did_you_mean(last, known),
        )
    if kind == "missing":
        return tree.locate(path[:-1]), codes.MISSING_KEY, f"'{last}' is missing", codes.MISSING_KEY.fix
    if kind == "union_tag_invalid":
        words = [w.strip().strip("'") for w in str(context["expected_tags"]).split(",")]
        tag = str(context["tag"])[:60]
        text = f"'{tag}' is no kind of {'SLI' if 'sli' in path else path[0]}"
        return tree.locate((*path, "kind")), codes.UNKNOWN_WORD, text, did_you_mean(tag, words)
    if kind == "union_tag_not_found":
        words = [str(_tag(model)) for model in _at(whole)]
        return tree.locate(path), codes.MISSING_KEY, "'kind' is missing", f"kind: {', '.join(words)}"
    if kind == "literal_error":
        words = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        shown = str(error["input"])[:60]
        return tree.locate(path), codes.UNKNOWN_WORD, f"'{shown}' cannot stand here", did_you_mean(shown, words)
    if kind == "too_short":
        least = context["min_length"]
        return (
            tree.locate(path),
            codes.WRONG_VALUE,
            f"'{last}' is a list of at least {least}",
            "Add to it, or drop the key.",
        )
    message = str(error["msg"])[:1].lower() + str(error["msg"])[1:]
    return tree.locate(path), codes.WRONG_VALUE, f"{last}: {message}" if last else message, codes.WRONG_VALUE.fix


def known_keys(path: tuple[Any, ...]) -> list[str]:
    """Return the keys of the section at a pydantic location."""
    return sorted({name for model in _at(path) for name in getattr(model, "model_fields", {})})


def untagged(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a pydantic location without the tags of unions: a kind may have a key of the kind's own name."""
    return tuple(part for part, models in zip(path, _walked(path), strict=True) if models is not None)


def _at(path: tuple[Any, ...]) -> list[Any]:
    """Return the models at a pydantic location."""
    models: list[Any] = [Document]
    for part, found in zip(path, _walked(path), strict=True):
        models = [m for m in models if _tag(m) == part] if found is None else found or models
    return models


def _walked(path: tuple[Any, ...]) -> Iterator[list[Any] | None]:
    """Yield the models after each part; None for a union's tag, nothing new for an index or a key of a mapping."""
    models: list[Any] = [Document]
    for part in path:
        if len(models) > 1 and any(_tag(model) == part for model in models):
            models = [model for model in models if _tag(model) == part]
            yield None
            continue
        fields = [getattr(model, "model_fields", {}) for model in models]
        found = [m for known in fields if part in known for m in _models(known[part].annotation)]
        models = found or models
        yield found


def _tag(model: Any) -> Any:
    kind = getattr(model, "model_fields", {}).get("kind")
    values = getattr(kind.annotation, "__args__", (PydanticUndefined,)) if kind else (None,)
    return values[0]


def _models(annotation: Any) -> list[Any]:
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models(a)]
