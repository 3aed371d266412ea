"""What sections are made of: strict models, durations, names, secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, model_validator
from pydantic_core import PydanticCustomError

from watchbill_exporters.core.secret import Secret

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
RESERVED = {"target", "reason", "le", "quantile", "job", "instance"}


def fault(message: str, hint: str = "") -> PydanticCustomError:
    """Return what a validator raises; braces would be read as a template."""
    return PydanticCustomError("watchbill", "{text}", {"text": message, "hint": hint})


def _duration(value: Any) -> float:
    if isinstance(value, float) and value > 0:  # a default, already in seconds
        return value
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found or float(found[1]) == 0:
        raise fault("not a duration", "A number and a unit, such as 500ms, 10s, 5m, 1h or 7d.")
    return float(found[1]) * _SECONDS[found[2]]


def _labels(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        if not _LABEL.fullmatch(name) or name.startswith("__"):
            raise fault(f"'{name[:60]}' is no label name", "Letters, digits and _; not a digit first, not __ first.")
        if name in RESERVED:
            raise fault(f"the label '{name}' is set by the exporter or by Prometheus", "Choose another name.")
    return value


def _no_password(value: str) -> str:
    if re.search(r"://[^/\s@]*:[^/\s@]+@", value):
        raise fault("a URL must hold no password", "Use the keys of the section: password_file or password_env.")
    return value


def _secret(value: Any) -> Secret:
    if isinstance(value, Secret):
        return value
    found = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise fault(
            "a secret must not stand in the config", "Use ${NAME}, or the same key with _file or _env after it."
        )
    return Secret(env=found[1])


Duration = Annotated[float, BeforeValidator(_duration)]
Labels = Annotated[dict[str, str], AfterValidator(_labels)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}$")]
Url = Annotated[str, AfterValidator(_no_password)]
SecretField = Annotated[InstanceOf[Secret], BeforeValidator(_secret)]


class Section(BaseModel):
    """A part of the config. A field `x` of type SecretField is also given as `x_file` or `x_env`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _secrets_by_reference(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for name in secret_fields(cls):
            ways = [key for key in (name, f"{name}_file", f"{name}_env") if data.get(key) is not None]
            if len(ways) > 1:
                raise fault(f"{' and '.join(ways)} exclude each other", "Keep one.")
            file, env = data.pop(f"{name}_file", None), data.pop(f"{name}_env", None)
            if file is not None:
                data[name] = Secret(file=Path(str(file)))
            elif env is not None:
                data[name] = Secret(env=str(env))
        return data


def secret_fields(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if _is_secret(field.annotation))


def _is_secret(annotation: Any) -> bool:
    return annotation is Secret or any(_is_secret(inner) for inner in getattr(annotation, "__args__", ()))


class TargetSection(Section):
    """One entry of `targets:`; a source adds its keys, and `kind` as a Literal."""

    name: Name = Field(description="What `target` and `/probe?target=` say.")
    kind: str
    timeout: Duration | None = Field(None, description="At most this long; the scrape's own timeout holds anyway.")
    refresh: Duration | None = Field(None, description="Read this often in the background instead of at each scrape.")
    labels: Labels = Field(default={}, description="Added to every series of this target.")
