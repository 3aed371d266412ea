"""Who is let in: TLS, client certificates, users."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from http.client import HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from lab.process import wait_until
from tests.exporters.certificates import PASSWORD, Certificates, users
from tests.exporters.configs import write
from tests.exporters.running import Exporting
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core.web import server
from watchbill_exporters.core.web.access import load_access
from watchbill_exporters.core.web.auth import REMEMBERED, BasicAuth, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.core.web.access import Access

USER = ("prometheus", PASSWORD)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


def exporting(certificates: Certificates, tmp_path: Path, document: Mapping[str, object]) -> Exporting:
    return Exporting(EXPORTER, write(tmp_path, lines={}), certificates.write(dict(document)))


def test_a_password_is_needed_everywhere(certificates: Certificates, tmp_path: Path) -> None:
    with exporting(certificates, tmp_path, users()) as running:
        for path in ("/", "/metrics", "/-/healthy", "/sd", "/nothing"):
            answer = running.get(path)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert running.post("/-/reload").status_code == 401
        assert running.get(auth=("prometheus", "wrong")).status_code == 401
        assert running.get(auth=("nobody", PASSWORD)).status_code == 401
        assert running.get(headers={"Authorization": "Basic !!!"}).status_code == 401
        assert running.get(headers={"Authorization": f"Bearer {PASSWORD}"}).status_code == 401
        assert running.get(auth=USER).status_code == 200


def test_bcrypt_is_paid_for_once(certificates: Certificates, tmp_path: Path) -> None:
    with exporting(certificates, tmp_path, users(rounds=11)) as running:
        begun = time.process_time()
        assert running.get(auth=USER).status_code == 200
        first = time.process_time() - begun
        begun = time.process_time()
        for _ in range(7):
            assert running.get(auth=USER).status_code == 200
        rest = (time.process_time() - begun) / 7

    assert first > 0.04
    assert rest < first / 3


def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    auth = BasicAuth(users(rounds=10)["basic_auth_users"])

    def seconds(user: str) -> float:
        begun = time.thread_time()
        header = requests.Request("GET", "http://x", auth=(user, f"wrong-{begun}")).prepare().headers["Authorization"]
        assert not auth.allows(header)
        return time.thread_time() - begun

    # by turns: a machine may become slower from one moment to the next
    known, unknown = map(min, zip(*((seconds("prometheus"), seconds("nobody")) for _ in range(5)), strict=True))

    assert 0.5 < unknown / known < 2


def test_verdicts_are_bounded_and_guesses_do_not_push_out_the_right_one() -> None:
    auth = BasicAuth(users(rounds=4)["basic_auth_users"])

    def header(password: str) -> str:
        prepared = requests.Request("GET", "http://x", auth=("prometheus", password)).prepare()
        return str(prepared.headers["Authorization"])

    assert auth.allows(header(PASSWORD))
    for number in range(REMEMBERED + 31):
        assert not auth.allows(header(f"guess {number}"))

    assert auth.remembered(header(PASSWORD)) is True
    assert auth.remembered(header("guess 3")) is None


@pytest.mark.parametrize("header", ["", "Basic", "Basic YQ==", "Basic \xff", "Basic /w==:", "Digest YTpi"])
def test_a_header_without_credentials_is_none(header: str) -> None:
    assert parse(header) is None


def test_a_nul_in_a_password_is_a_wrong_password() -> None:
    auth = BasicAuth(users(rounds=4)["basic_auth_users"])

    assert not auth.allows("Basic cHJvbWV0aGV1czoAAA==")


def test_tls_serves_the_certificate_and_refuses_old_versions(certificates: Certificates, tmp_path: Path) -> None:
    with exporting(certificates, tmp_path, certificates.tls(min_version="TLS13")) as running:
        assert running.get(verify=certificates.ca).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            running.get()
        old = ssl.create_default_context(cafile=certificates.ca)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with (
            socket.create_connection(("127.0.0.1", running.port)) as connection,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            old.wrap_socket(connection, server_hostname="127.0.0.1")
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"http://127.0.0.1:{running.port}/", timeout=30)
        assert running.get("/sd", verify=certificates.ca).status_code == 200


def test_a_client_certificate_is_needed_where_the_config_says_so(certificates: Certificates, tmp_path: Path) -> None:
    stranger = Certificates.make(tmp_path / "stranger")
    with exporting(certificates, tmp_path, certificates.tls(mutual=True)) as running:
        assert running.get(verify=certificates.ca, cert=certificates.client).status_code == 200
        for cert in (None, stranger.client):
            with pytest.raises(requests.exceptions.RequestException):
                running.get(verify=certificates.ca, cert=cert)


@pytest.mark.parametrize(("allowed", "status"), [("prometheus.example", 200), ("grafana.example", 403)])
def test_only_allowed_names_of_client_certificates_are_let_in(
    certificates: Certificates, tmp_path: Path, allowed: str, status: int
) -> None:
    document = certificates.tls(mutual=True, client_allowed_sans=[allowed])
    with exporting(certificates, tmp_path, document) as running:
        assert running.get(verify=certificates.ca, cert=certificates.client).status_code == status


def test_a_cipher_suite_has_gos_name(certificates: Certificates, tmp_path: Path) -> None:
    suites = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]
    document = certificates.tls(max_version="TLS12", cipher_suites=suites)
    with exporting(certificates, tmp_path, document) as running:
        context = ssl.create_default_context(cafile=certificates.ca)
        with (
            socket.create_connection(("127.0.0.1", running.port)) as connection,
            context.wrap_socket(connection, server_hostname="127.0.0.1") as secured,
        ):
            assert (secured.cipher() or ("",))[0] == "ECDHE-ECDSA-AES256-GCM-SHA384"


def test_headers_of_the_web_config_are_sent(certificates: Certificates, tmp_path: Path) -> None:
    headers = {"X-Frame-Options": "deny", "X-Content-Type-Options": "nosniff"}
    with exporting(certificates, tmp_path, {"http_server_config": {"headers": headers}}) as running:
        assert headers.items() <= running.get("/").headers.items()


def test_a_new_certificate_is_used_without_dropping_connections(tmp_path: Path) -> None:
    certificates = Certificates.make(tmp_path / "web")
    with exporting(certificates, tmp_path, certificates.tls()) as running:
        kept = HTTPSConnection("127.0.0.1", running.port, context=ssl.create_default_context(cafile=certificates.ca))
        kept.request("GET", "/-/healthy")
        assert kept.getresponse().read() == b"ok\n"
        Path(certificates.ca).rename(tmp_path / "old-ca.pem")
        Certificates.make(tmp_path / "web")

        running.reload_web()

        kept.request("GET", "/-/healthy")
        assert kept.getresponse().read() == b"ok\n"
        kept.close()
        assert running.get(verify=certificates.ca).status_code == 200
        with pytest.raises(requests.exceptions.SSLError):
            running.get(verify=str(tmp_path / "old-ca.pem"))


def test_a_renewed_certificate_is_noticed_without_a_signal(tmp_path: Path) -> None:
    certificates = Certificates.make(tmp_path / "web")
    with exporting(certificates, tmp_path, certificates.tls()) as running:
        running.watch_web(0.05)
        Certificates.make(tmp_path / "web")  # one file after the other: in between they do not fit

        def verified() -> bool:
            with suppress(requests.exceptions.SSLError):
                return running.get("/-/healthy", verify=certificates.ca).ok
            return False

        assert wait_until(verified, 60, 0.05)


def test_a_certificate_that_is_renewed_while_one_is_read_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = Certificates.make(tmp_path / "web")
    with exporting(certificates, tmp_path, certificates.tls()) as running:

        def slow(path: Path | None) -> Access:
            found = load_access(path)
            monkeypatch.setattr(server, "load_access", load_access)
            Certificates.make(tmp_path / "web")
            return found

        monkeypatch.setattr(server, "load_access", slow)
        running.reload_web()
        with pytest.raises(requests.exceptions.SSLError):
            running.get("/-/healthy", verify=certificates.ca)
        running.watch_web(0.05)

        def verified() -> bool:
            with suppress(requests.exceptions.SSLError):
                return running.get("/-/healthy", verify=certificates.ca).ok
            return False

        assert wait_until(verified, 60, 0.05)


def test_a_broken_certificate_keeps_the_old_one(tmp_path: Path) -> None:
    certificates = Certificates.make(tmp_path / "web")
    with exporting(certificates, tmp_path, certificates.tls()) as running:
        (tmp_path / "web" / "server.pem").write_text("half a", encoding="utf-8")

        with pytest.raises(Exception, match=r"web\.yml:\d+:\d+: certificate and key cannot be used"):
            running.reload_web()

        assert running.get(verify=certificates.ca).status_code == 200


def test_handshakes_that_never_end_do_not_hold_up_others(certificates: Certificates, tmp_path: Path) -> None:
    with exporting(certificates, tmp_path, certificates.tls()) as running:
        silent = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(37)]

        assert running.get(verify=certificates.ca).status_code == 200
        for connection in silent:
            connection.close()
