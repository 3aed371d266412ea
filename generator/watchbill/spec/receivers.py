"""Receivers of the `routing:` section: references to the host's, or definitions whose secrets stay in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, create_model, model_validator

from watchbill import gotext
from watchbill.diagnostics import Code
from watchbill.fields import Section, invalid
from watchbill.spec import secrets
from watchbill.spec.integrations import KINDS, IntegrationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = Code(
    "WB160",
    "Secret in the spec",
    "Specs and what is generated from them are read by many people and kept in version control for good.",
    "Put it into a file that only Alertmanager reads, name that file with the `*_file` setting, and change the secret: "
    "it has been written down.",
)
BAD_RECEIVER = Code(
    "WB161",
    "Not a receiver",
    "A receiver is the name of one that the host's Alertmanager defines, or a mapping of ways to reach people.",
    "Write the host's name for it, or for example `slack: {channel: '#oncall', api_url_file: /etc/am/slack}`.",
)
BAD_TEMPLATE = Code(
    "WB162",
    "Template that Alertmanager cannot parse",
    "Alertmanager loads such a receiver without a word; each notification then fails or arrives empty.",
    "Mend the Go template, or leave the setting out: the bundle's own text is used then.",
)

SETTING_HINT = "point the file variant of the setting at a file, and change the secret: it has been written down"


def _name(value: Any) -> str:
    text = str(value)
    if "://" in text and secrets.in_url(text):
        raise invalid(SECRET, "this is an address with a secret, not the name of a receiver")
    if not text.strip() or len(text) > 120 or not text.isprintable() or "," in text or "{{" in text:
        raise invalid(BAD_RECEIVER, "this is not the name of a receiver: printable text without commas is")
    return text


def _setting(value: Any) -> Any:
    if what := secrets.in_setting(value):
        raise invalid(SECRET, f"this holds {what}", SETTING_HINT)
    return _plain(value)


def _connection(value: Any) -> Any:
    if what := secrets.in_connection(value):
        raise invalid(SECRET, f"this holds {what}", SETTING_HINT)
    return _plain(value)


def _plain(value: Any) -> Any:
    """Nested text, numbers and truth values; a text is a Go template."""
    if isinstance(value, str):
        if wrong := gotext.fault(value):
            raise invalid(BAD_TEMPLATE, wrong)
        return value
    if isinstance(value, dict) and value:
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list) and value:
        return [_plain(item) for item in value]
    if isinstance(value, int):
        return value
    raise invalid(BAD_RECEIVER, "text, whole numbers, true and false, and lists and mappings of them can stand here")


def _file(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise invalid(BAD_RECEIVER, "the path of a file that holds the secret is wanted here")
    if what := secrets.in_file_path(value):
        raise invalid(SECRET, f"the path of a file is wanted here; this looks like {what}", SETTING_HINT)
    return value


def _refused(value: Any) -> None:
    if value is not None:
        raise invalid(SECRET, "this setting is a secret", SETTING_HINT)


SettingField = Annotated[Any, BeforeValidator(_setting)]
ConnectionField = Annotated[Any, BeforeValidator(_connection), WithJsonSchema({"type": "object"})]
FileField = Annotated[str | None, BeforeValidator(_file), WithJsonSchema({"type": "string"})]
RefusedField = Annotated[None, BeforeValidator(_refused), WithJsonSchema({"not": {}})]


class Integration(Section):
    """One way to reach people: Alertmanager's own settings. Texts may be Go templates; left out, ours are used."""

    send_resolved: bool | None = Field(default=None, description="Tell when it is over, too.")

    def given(self) -> dict[str, Any]:
        """Return the settings that were given, in the order of the models."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


def _model(kind: str, about: IntegrationKind) -> type[Integration]:
    fields: dict[str, Any] = {n: (SettingField, Field(default=None)) for n in about.settings}
    fields |= {n: (FileField, Field(default=None, description="File with the secret.")) for n in about.files}
    refused = "A secret is never taken: name its file."
    fields |= {n: (RefusedField, Field(default=None, description=refused)) for n in about.secrets}
    for name in ("http_config", "tls_config"):
        if name == "http_config" or name in fields:
            fields[name] = (ConnectionField, Field(default=None, description="Secrets in files only."))

    def complete(self: Integration) -> Integration:
        given = self.given()
        for choice in about.needs:
            found = sum(name in given for name in choice)
            if not found:
                raise invalid(BAD_RECEIVER, f"{kind} needs {' or '.join(choice)}", f"add {choice[0]}")
            if found > 1:
                raise invalid(BAD_RECEIVER, f"{kind} takes {' or '.join(choice)}, not both", "drop one of them")
        return self

    check: Any = model_validator(mode="after")(complete)
    name = f"{kind.capitalize()}Receiver"
    return create_model(name, __base__=Integration, __validators__={"complete": check}, **fields)


MODELS = {kind: _model(kind, about) for kind, about in KINDS.items()}


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _one_or_more(schema: dict[str, Any]) -> None:
    items = schema.pop("items")
    schema["anyOf"] = [items, {"type": schema.pop("type"), "items": items}]


class Receiver(Section):
    """A definition: one or more ways to reach people, each once or as a list."""

    def integrations(self) -> tuple[tuple[str, Integration], ...]:
        """Return (kind, settings) pairs."""
        return tuple((kind, one) for kind in KINDS for one in getattr(self, kind) or ())


def _some(self: Receiver) -> Receiver:
    if not self.integrations():
        raise invalid(BAD_RECEIVER, "a definition needs one way to reach people at least")
    return self


def _definition() -> type[Receiver]:
    several: Any = tuple
    fields: dict[str, Any] = {
        kind: (
            Annotated[several[model, ...], BeforeValidator(_listed)],
            Field(default=(), json_schema_extra=_one_or_more),
        )
        for kind, model in MODELS.items()
    }
    check: Any = model_validator(mode="after")(_some)
    return create_model("ReceiverDefinition", __base__=Receiver, __validators__={"some": check}, **fields)


ReceiverDefinition = _definition()
if TYPE_CHECKING:
    ReceiverField = str | Receiver
else:
    ReceiverField = Annotated[
        Annotated[str, BeforeValidator(_name), Tag("text")] | Annotated[ReceiverDefinition, Tag("definition")],
        Discriminator(lambda value: "definition" if isinstance(value, dict | Receiver) else "text"),
    ]


def defined(receivers: Mapping[str, Any]) -> dict[str, Receiver]:
    """Return the receivers that are defined here, by key."""
    return {key: value for key, value in receivers.items() if isinstance(value, Receiver)}


CODES = (SECRET, BAD_RECEIVER, BAD_TEMPLATE)
