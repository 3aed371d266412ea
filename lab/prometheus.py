"""Runs one real Prometheus server in a folder of its own."""

import itertools
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from secrets import SystemRandom
from threading import Lock
from types import TracebackType
from typing import Any, Self

import yaml

from lab.api import PrometheusApi

LOG_TAIL_LINES = 30
PORTS = range(16_384, 32_768)
"""Below those that the kernel gives to whoever asks for any, and to outgoing connections."""
BLOCK = 128
_ASKING = Lock()


def free_port() -> int:
    return free_ports(1)


def free_ports(count: int) -> int:
    """Return the first of some free ports in a row. Nobody else who asks here is given them, in no other process."""
    with _ASKING:
        found: list[int] = []
        for port in itertools.islice(_block(), 2 * BLOCK):
            found = [*found, port] if found and port == found[-1] + 1 else [port]
            found = found if _is_free(port) else []
            if len(found) == count:
                return found[0]
    raise RuntimeError(f"could not find {count} free ports in a row")


@cache
def _block() -> Iterator[int]:
    """Return, round and round, ports that are this process's for as long as it lives."""
    firsts = list(PORTS)[::BLOCK]
    SystemRandom().shuffle(firsts)
    for first in firsts:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0watchbill-ports-{first}")  # a name without a file: it goes with the process
        except OSError:
            claim.close()
        else:
            return _held(claim, range(first, first + BLOCK))
    raise RuntimeError("every block of ports is taken")


def _held(claim: socket.socket, ports: range) -> Iterator[int]:
    with claim:
        yield from itertools.cycle(ports)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Prometheus(PrometheusApi):
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
        port = port or free_port()
        super().__init__(f"http://127.0.0.1:{port}")
        self.binary, self.folder, self._by = binary, folder, tuple(by)
        self.flags = (f"--web.listen-address=127.0.0.1:{port}", *flags)
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
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

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is not None:
            print(self.log_tail())

    def start(self, patience: float = 90) -> None:
        command = [
            *self._by,
            str(self.binary),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            "--web.enable-lifecycle",
            *self.flags,
        ]
        with (self.folder / "prometheus.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + patience
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.binary} did not become ready:\n{self.log_tail()}")
            time.sleep(0.1)

    def stop(self, patience: float = 20) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would: no flush, no clean-up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self, pause: float = 0) -> None:
        self.stop()
        time.sleep(pause)
        self.start()

    def freeze(self, seconds: float) -> None:
        """Hold the whole process still, as a starved or migrating machine does."""
        if self._process is None:
            raise RuntimeError("could not freeze a server that is not running")
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)

    def reload(self) -> None:
        response = self.post_reload()
        if not response.ok:
            raise RuntimeError(f"could not reload: {response.text}\n{self.log_tail()}")

    def log_tail(self, lines: int = LOG_TAIL_LINES) -> str:
        log = self.folder / "prometheus.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])
