"""Redis and PostgreSQL over TLS: a certificate that is not trusted is refused, the right one is taken."""

from __future__ import annotations

import os
import pwd
import shutil
from typing import TYPE_CHECKING

import pytest
from redis import Redis as Client

from lab.ports import free_port
from lab.process import Service, wait_until
from tests.exporters.certificates import Certificates
from tests.exporters.queue.procrastinate.test_procrastinate import SCHEMA
from tests.exporters.queue.worlds import World, grants, postgres_target, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.postgres_server import Postgres


class SafeRedis(Service):
    def __init__(self, folder: Path, certificates: Certificates) -> None:
        self.port, self._ca = free_port(), certificates.ca
        here = certificates.folder
        files = ["--tls-cert-file", f"{here}/server.pem", "--tls-key-file", f"{here}/server.key"]
        tls = ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no", *files]
        command = ["redis-server", *tls, "--tls-ca-cert-file", certificates.ca, "--bind", "127.0.0.1", "--save", ""]
        super().__init__(command, folder, "safe-redis")

    def client(self) -> Client:
        return Client(port=self.port, ssl=True, ssl_ca_certs=self._ca)

    def is_ready(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except OSError:
                return False
            except Exception as error:  # noqa: BLE001 - redis-py's own tree
                return "Connection" not in type(error).__name__


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    Certificates.make(tmp_path / "others")
    return Certificates.make(tmp_path / "tls")


def test_redis_over_tls(tmp_path: Path, certificates: Certificates) -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("not available: redis-server is not on PATH")
    with SafeRedis(tmp_path / "redis", certificates) as server, server.client() as client:
        client.rpush("mail", *range(13))
        target = {"kind": "redis", "url": f"rediss://127.0.0.1:{server.port}/0", "ca_file": certificates.ca}
        with World(tmp_path / "w", queues={"mail": {"ready": {"list": "mail"}}}, **target) as world:
            assert world.jobs("mail") == {"ready": 13}
            world.write(ca_file=str(tmp_path / "others" / "ca.pem"))
            world.running.runtime.reload()
            assert reasons(world.page()) == ["connect"]


@pytest.fixture
def safe_postgres(postgres: Postgres, certificates: Certificates) -> Iterator[Postgres]:
    for name in ("server.pem", "server.key"):
        copied = postgres.folder / name
        shutil.copy(certificates.folder / name, copied)
        copied.chmod(0o600)
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(copied, user.pw_uid, user.pw_gid)
    for setting in (
        f"ssl_cert_file = '{postgres.folder}/server.pem'", f"ssl_key_file = '{postgres.folder}/server.key'", "ssl = on"
    ):  # fmt: skip
        postgres.run(f"ALTER SYSTEM SET {setting}")
    postgres.run("SELECT pg_reload_conf()")
    yield postgres
    postgres.run("ALTER SYSTEM RESET ALL")
    postgres.run("SELECT pg_reload_conf()")


def test_postgresql_over_tls(safe_postgres: Postgres, tmp_path: Path, certificates: Certificates) -> None:
    with safe_postgres.database("tls", SCHEMA, grants("procrastinate.sql")) as database:
        target = postgres_target("procrastinate", safe_postgres, database, ca_file=certificates.ca)
        target["url"] += "?sslmode=verify-full"
        with World(tmp_path / "w", **target) as world:
            assert wait_until(lambda: reasons(world.page()) == [], 60)
            world.write(ca_file=str(tmp_path / "others" / "ca.pem"))
            world.running.runtime.reload()
            assert reasons(world.page()) == ["connect"]
