"""`--web.config.file`: the keys of the Prometheus exporter-toolkit, unknown ones refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from watchbill_exporters.core.fields import Section, fault

ClientAuth = Literal[
    "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"
]
Version = Literal["TLS10", "TLS11", "TLS12", "TLS13"]
_BCRYPT = re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}")
_UNCHECKED = {"RequestClientCert", "RequireAnyClientCert"}


def _hash(value: str) -> str:
    if not _BCRYPT.fullmatch(value):
        raise fault("not a bcrypt hash", "Make one with `htpasswd -nBC 10 \"\" | tr -d ':\\n'`.")
    return value


def _client_auth(value: str) -> str:
    if value in _UNCHECKED:
        raise fault(
            f"{value} takes certificates without checking them, which this server cannot do",
            "RequireAndVerifyClientCert or VerifyClientCertIfGiven, with client_ca_file.",
        )
    return value


def _http2(value: bool) -> bool:  # noqa: FBT001 - a pydantic validator
    if value:
        raise fault("this server speaks HTTP/1.1 only", "Drop the key, or say false.")
    return value


class TlsSection(Section):
    """`tls_server_config`; files are as seen from the web config."""

    cert_file: Path
    key_file: Path
    client_auth_type: Annotated[ClientAuth, AfterValidator(_client_auth)] = "NoClientCert"
    client_ca_file: Path | None = None
    client_allowed_sans: tuple[str, ...] = ()
    min_version: Version = "TLS12"
    max_version: Version = "TLS13"
    cipher_suites: tuple[str, ...] = ()
    prefer_server_cipher_suites: bool = True

    @model_validator(mode="after")
    def _client_ca(self) -> TlsSection:
        checks = self.client_auth_type != "NoClientCert"
        if checks and self.client_ca_file is None:
            raise fault(f"{self.client_auth_type} needs client_ca_file", "Name the CA that signs clients.")
        if not checks and (self.client_ca_file is not None or self.client_allowed_sans):
            raise fault("client_ca_file has no effect without client_auth_type", "RequireAndVerifyClientCert.")
        if self.min_version > self.max_version:
            raise fault("min_version is above max_version")
        return self


Value = Annotated[str, Field(pattern=r"^[\x20-\x7e]*$")]


class HeadersSection(Section):
    """`http_server_config.headers`."""

    content_security_policy: Value | None = Field(None, alias="Content-Security-Policy")
    x_frame_options: Literal["deny", "sameorigin"] | None = Field(None, alias="X-Frame-Options")
    x_content_type_options: Literal["nosniff"] | None = Field(None, alias="X-Content-Type-Options")
    x_xss_protection: Value | None = Field(None, alias="X-XSS-Protection")
    strict_transport_security: Value | None = Field(None, alias="Strict-Transport-Security")


class HttpSection(Section):
    """`http_server_config`."""

    http2: Annotated[bool, AfterValidator(_http2)] = False
    headers: HeadersSection = HeadersSection()


class WebSection(Section):
    """The whole file."""

    tls_server_config: TlsSection | None = None
    http_server_config: HttpSection = HttpSection()
    basic_auth_users: dict[str, Annotated[str, AfterValidator(_hash)]] = Field(default={})
