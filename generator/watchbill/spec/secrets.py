"""Secrets that were pasted into a spec: found by the name of their key, or by what they look like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEP_SECRETS = frozenset(
    {"password", "credentials", "bearer_token", "client_secret", "secret_key", "access_key", "key", "token", "secret"}
)
"""Keys inside `http_config` and `tls_config` that hold a secret; each has a sister that ends with _file."""

_TOKENS = re.compile(r"\b(?:xox[a-z]-|xapp-|gh[pousr]_|glpat-|AKIA|sk-)[A-Za-z0-9_-]{8,}")
_TELLING = re.compile(
    r"(?i)(?:api|access|auth|integration|routing|sub)?[-_]?(?:token|key|secret|sig(?:nature)?|pass\w*|code)"
)
_CAPABILITIES = re.compile(
    r"(?i)(?:hooks\.slack\.com|discord(?:app)?\.com/api/webhooks|webhook\.office\.com|logic\.azure\.com|"
    r"api\.telegram\.org/bot|chat\.googleapis\.com|hooks\.zapier\.com|nosnch\.in|hc-ping\.com|"
    r"events\.pagerduty\.com/integration|qyapi\.weixin\.qq\.com)"
)
_RUN = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}|[0-9a-fA-F]{16,}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def in_url(text: str) -> str:
    """Return what in an address looks like a secret, in words; empty if nothing does."""
    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "an address that cannot be read"
    if "@" in parts.netloc:
        return "a user or password"
    if any(_TELLING.fullmatch(name) for name, _ in query):
        return "a token in its query"
    if _CAPABILITIES.search(text):
        return "a webhook that anybody who knows its address can write to"
    if any(_looks_random(piece) for piece in (*parts.path.split("/"), *(v for _, v in query), parts.fragment)):
        return "a part that looks like a token"
    return ""


def in_file_path(text: str) -> str:
    """Return why a text where a file's path belongs looks like the secret itself; empty if it does not."""
    if "://" in text:
        return "an address"
    if "/" not in text and _looks_random(text):
        return "the secret itself"
    return ""


def _looks_random(piece: str) -> bool:
    """Letters and digits mixed at length: words with hyphens and a number at the end are names."""
    mixed = all(re.search(kind, piece) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return bool(_RUN.search(piece) or _UUID.search(piece) or (mixed and re.fullmatch(r"[A-Za-z0-9_+=-]{24,}", piece)))


def in_setting(value: Any) -> str:
    """Return what in a plain setting looks like a secret, in words; empty if nothing does."""
    return next((what for text in _texts(value) if (what := _in_text(text))), "")


def in_connection(value: Any) -> str:
    """Return what in an `http_config` or `tls_config` is a secret, in words; empty if nothing is."""
    if isinstance(value, dict):
        for key, item in value.items():
            if str(key) in DEEP_SECRETS and not isinstance(item, dict):
                return f"the secret '{key}'"
            if what := in_connection(item):
                return what
    elif isinstance(value, list):
        return next((what for item in value if (what := in_connection(item))), "")
    return in_setting(value) if isinstance(value, str) else ""


def _in_text(text: str) -> str:
    if _TOKENS.search(text):
        return "what looks like a token"
    return in_url(text) if "://" in text and "{{" not in text else ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
