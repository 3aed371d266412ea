"""Certificates of a CA made for the test, and web configs that use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bcrypt
import trustme
import yaml

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse"  # noqa: S105 - of servers the tests start


@dataclass(frozen=True)
class Certificates:
    """A CA, a server certificate for 127.0.0.1 and a client certificate, as files."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, client: str = "prometheus.example") -> Certificates:
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        for name, issued in (
            ("server", authority.issue_cert("127.0.0.1", "localhost")),
            ("client", authority.issue_cert(client)),
        ):
            issued.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
            issued.private_key_pem.write_to_path(folder / f"{name}.key")
        return cls(folder)

    @property
    def ca(self) -> str:
        return str(self.folder / "ca.pem")

    @property
    def client(self) -> tuple[str, str]:
        return str(self.folder / "client.pem"), str(self.folder / "client.key")

    def tls(self, *, mutual: bool = False, **more: Any) -> dict[str, Any]:
        section: dict[str, Any] = {"cert_file": "server.pem", "key_file": "server.key", **more}
        if mutual:
            section |= {"client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": "ca.pem"}
        return {"tls_server_config": section}

    def write(self, document: dict[str, Any]) -> Path:
        """Write a web config beside the certificates, which it names by relative paths."""
        path = self.folder / "web.yml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return path


def users(*, rounds: int = 5) -> dict[str, Any]:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds)).decode()
    return {"basic_auth_users": {"prometheus": hashed}}
