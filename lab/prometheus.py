"""Runs one real Prometheus server in a folder of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from lab.api import PrometheusApi
from lab.ports import free_port
from lab.process import Service


class Prometheus(PrometheusApi, Service):
    """A server on the loopback whose data outlives `restart()`, and `kill()` followed by `start()`."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        config: Mapping[str, Any],
        rules: Mapping[str, Any] | None = None,
        flags: tuple[str, ...] = (),
        *,
        port: int | None = None,
        by: Sequence[str] = (),
    ) -> None:
        """`by` is a command that runs the server, such as setpriv."""
        address = f"127.0.0.1:{port or free_port()}"
        PrometheusApi.__init__(self, f"http://{address}")
        command = [
            *by,
            str(binary),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            "--web.enable-lifecycle",
            f"--web.listen-address={address}",
            *flags,
        ]
        Service.__init__(self, command, folder, "prometheus")
        self.write_config(config)
        if rules is not None:
            self.write_rules(rules)

    def write_config(self, config: Mapping[str, Any]) -> None:
        document = {"rule_files": ["rules-*.yml", "rules/*.yml"], **config}
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(document), encoding="utf-8")

    def write_rules(self, rules: Mapping[str, Any], name: str = "lab") -> None:
        (self.folder / f"rules-{name}.yml").write_text(yaml.safe_dump(dict(rules), width=1000), encoding="utf-8")

    def write_rule_texts(self, texts: Mapping[str, str]) -> None:
        """Put generated rule files where it looks for them, byte for byte."""
        (self.folder / "rules").mkdir(exist_ok=True)
        for name, text in texts.items():
            (self.folder / "rules" / name).write_text(text, encoding="utf-8")

    def reload(self) -> None:
        response = self.post_reload()
        if not response.ok:
            raise RuntimeError(f"could not reload: {response.text}\n{self.log_tail()}")
