"""Loads the web config: TLS context, users, headers."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchbill_exporters.core.config import load
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.web.config import TlsSection, WebSection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_VERSIONS = {
    "TLS10": ssl.TLSVersion.TLSv1,
    "TLS11": ssl.TLSVersion.TLSv1_1,
    "TLS12": ssl.TLSVersion.TLSv1_2,
    "TLS13": ssl.TLSVersion.TLSv1_3,
}
_MODES = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}


@dataclass(frozen=True)
class Access:
    """How the server is reached, and by whom. `files` are those that, when replaced, ask for a reload."""

    context: ssl.SSLContext | None = None
    users: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    allowed_sans: frozenset[str] = frozenset()
    files: tuple[Path, ...] = ()


def load_access(file: Path | None) -> Access:
    """Return the access of a web config file, or of none. Raises ConfigError."""
    if file is None:
        return Access()
    source = load.load(file)
    section = load.validate(source, WebSection)
    headers = section.http_server_config.headers.model_dump(by_alias=True, exclude_none=True)
    tls = section.tls_server_config
    if tls is None:
        return Access(None, section.basic_auth_users, headers, files=(file,))
    base = file.resolve().parent
    context = _context(tls, base, source)
    names = (tls.cert_file, tls.key_file, tls.client_ca_file)
    files = (file, *(base / name for name in names if name is not None))
    return Access(context, section.basic_auth_users, headers, frozenset(tls.client_allowed_sans), files)


def _context(tls: TlsSection, base: Path, source: load.Source) -> ssl.SSLContext:
    for key in ("cert_file", "key_file", "client_ca_file"):
        file = getattr(tls, key)
        try:
            if file is not None:
                (base / file).open("rb").close()
        except OSError as error:
            raise _refusal(source, key, f"{file} cannot be read: {error.strerror}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = _VERSIONS[tls.min_version], _VERSIONS[tls.max_version]
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    if not tls.prefer_server_cipher_suites:
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    try:
        if tls.cipher_suites:
            context.set_ciphers(":".join(_openssl(name) for name in tls.cipher_suites))
    except ssl.SSLError:
        raise _refusal(source, "cipher_suites", "no suite among these is known") from None
    try:
        context.load_cert_chain(base / tls.cert_file, base / tls.key_file, password=_no_passphrase)
    except (ssl.SSLError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise _refusal(source, "cert_file", f"certificate and key cannot be used: {why}") from None
    context.verify_mode = _MODES[tls.client_auth_type]
    try:
        if tls.client_ca_file is not None:
            context.load_verify_locations(base / tls.client_ca_file)
    except ssl.SSLError as error:
        why = error.reason or "no PEM"
        raise _refusal(source, "client_ca_file", f"{tls.client_ca_file} holds no certificate: {why}") from None
    return context


def _refusal(source: load.Source, key: str, message: str) -> ConfigError:
    return ConfigError([source.diagnose(("tls_server_config", key), message)])


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase")  # else OpenSSL would ask for it on the terminal


def _openssl(name: str) -> str:
    """Return OpenSSL's name of a TLS 1.2 suite that has Go's: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256."""
    if "CHACHA20" in name:
        name = name.removesuffix("_SHA256")
    for old, new in (("TLS_", ""), ("_WITH_", "_"), ("AES_128", "AES128"), ("AES_256", "AES256"), ("_CBC", "")):
        name = name.replace(old, new)
    return name.replace("_", "-").removeprefix("RSA-")
