"""A real RabbitMQ with its management plugin, and its own port mapper, on the loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import requests

from lab.ports import free_port
from lab.process import Service, wait_until

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START = 90.0


class RabbitMq(Service):
    def __init__(self) -> None:
        self.amqp, self.http, self._epmd, distribution = (free_port() for _ in range(4))
        folder = Path(tempfile.mkdtemp(prefix="watchbill-rabbitmq-"))
        lines = {
            "listeners.tcp.1": f"127.0.0.1:{self.amqp}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": self.http,
            "collect_statistics_interval": 1000,
        }
        text = "".join(f"{key} = {value}\n" for key, value in lines.items())
        (folder / "rabbitmq.conf").write_text(text, encoding="utf-8")
        (folder / "plugins").write_text("[rabbitmq_management].\n", encoding="utf-8")
        self._environment = {
            "HOME": folder,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": self._epmd,
            "RABBITMQ_NODENAME": f"watchbill{self.amqp}@localhost",
            "RABBITMQ_DIST_PORT": distribution,
            "RABBITMQ_MNESIA_BASE": folder / "mnesia",
            "RABBITMQ_LOG_BASE": folder / "log",
            "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "plugins",
            "RABBITMQ_PID_FILE": folder / "pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        words = ["env", *(f"{key}={value}" for key, value in self._environment.items()), str(SERVER)]
        if os.geteuid() == 0:
            user = pwd.getpwnam("rabbitmq")
            for path in (folder, *folder.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)
            words = ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--clear-groups", *words]
        super().__init__(words, folder, "rabbitmq")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/api/overview", auth=("guest", "guest"), timeout=5).ok
        except requests.RequestException:
            return False

    def start(self, patience: float = START) -> None:
        super().start(patience)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the virtual machine itself, not to the script that started it."""
        os.kill(int((self.folder / "pid").read_text(encoding="utf-8")), number)

    def api(self, method: str, path: str, body: Any = None) -> None:
        answer = requests.request(method, f"{self.url}/api{path}", json=body, auth=("guest", "guest"), timeout=60)
        assert answer.ok, answer.text

    def kill(self) -> None:
        if self._process is not None:
            self.signal(signal.SIGKILL)
            self._process.wait(60)
            self._process = None
            wait_until(lambda: f"name watchbill{self.amqp} " not in self._mapper("-names"), 30)

    def stop(self, patience: float = 10) -> None:  # noqa: ARG002 - it ends at once
        if self._process is not None and (self.folder / "pid").exists():
            self.kill()
        self._mapper("-kill")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mapper(self, word: str) -> str:
        environment = {**os.environ, **{key: str(value) for key, value in self._environment.items()}}
        command = ["epmd", "-port", str(self._epmd), word]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout
