"""A wrong web config is refused, at its place and without showing a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exporters.certificates import Certificates, users
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.web.access import load_access

if TYPE_CHECKING:
    from pathlib import Path

TLS = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Certificates.make(tmp_path_factory.mktemp("web")).folder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("tls_server_confg: {}", "1:1: 'tls_server_confg' is not known here", id="an unknown key"),
        pytest.param(TLS + "  cert: x", "4:3: 'cert' is not known here", id="an unknown key below"),
        pytest.param("tls_server_config: {cert_file: a}", "1:20: 'key_file' is missing", id="a missing key"),
        pytest.param(TLS.replace("server.pem", "no.pem"), "2:14: no.pem cannot be read: No such file", id="no file"),
        pytest.param(TLS.replace("server.key", "client.key"), "certificate and key cannot be used", id="another's key"),
        pytest.param(TLS + "  min_version: TLS9", "4:16: min_version: input should be", id="an unknown version"),
        pytest.param(TLS + "  min_version: TLS13\n  max_version: TLS12", "min_version is above", id="crossed versions"),
        pytest.param(
            TLS + "  client_auth_type: RequireAnyClientCert", "without checking them", id="certificates unchecked"
        ),
        pytest.param(
            TLS + "  client_auth_type: RequireAndVerifyClientCert", "needs client_ca_file", id="no CA for clients"
        ),
        pytest.param(TLS + "  client_ca_file: ca.pem", "no effect without client_auth_type", id="a CA without effect"),
        pytest.param(TLS + "  cipher_suites: [TLS_NONSENSE]", "4:18: no suite among these", id="an unknown suite"),
        pytest.param("http_server_config: {http2: true}", "speaks HTTP/1.1 only", id="HTTP/2"),
        pytest.param(
            "http_server_config:\n  headers: {X-Powered-By: us}", "2:13: 'X-Powered-By' is not known", id="a header"
        ),
        pytest.param("basic_auth_users: {bob: secretpassword}", "1:25: bob: not a bcrypt hash", id="a plain password"),
        pytest.param("basic_auth_users: [", "is not", id="no YAML"),
    ],
)
def test_a_fault_is_told_at_its_place(folder: Path, text: str, message: str) -> None:
    path = folder / "web.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_access(path)

    if message != "is not":
        assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    assert "secretpassword" not in str(caught.value)


def test_a_hash_in_a_wrong_place_is_not_shown(folder: Path) -> None:
    hashed = users()["basic_auth_users"]["prometheus"]
    path = folder / "web.yml"
    path.write_text(f"basic_auth_users:\n  prometheus: {hashed}x\n", encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_access(path)

    assert "2:15" in str(caught.value)
    assert hashed[:20] not in str(caught.value)


def test_a_key_with_a_passphrase_is_refused_without_asking(folder: Path) -> None:
    (folder / "locked.key").write_text(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n", encoding="utf-8"
    )
    path = folder / "web.yml"
    path.write_text(TLS.replace("server.key", "locked.key"), encoding="utf-8")

    with pytest.raises(ConfigError, match="cannot be used"):
        load_access(path)
