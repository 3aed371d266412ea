"""Real back ends of the sandbox exporter: Docker, Podman and runc, each with a root file system of busybox."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.process import Service, wait_until
from watchbill_exporters.core.errors import ScrapeError
from watchbill_exporters.sandbox.docker.api import Api

if TYPE_CHECKING:
    from types import TracebackType

APPLETS = ("sh", "sleep", "true", "false", "tail", "head", "cat")


def absent(*tools: str) -> str:
    """Say which tools are not there; empty when all are."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return f"not available: {', '.join(missing)}" if missing else ""


class Engine(Service):
    """Something that speaks Docker's API on a socket; containers have no network."""

    def __init__(self, folder: Path, name: str, socket: str) -> None:
        # a socket's path has 108 bytes, less than some temporary folders
        self._short = Path(tempfile.mkdtemp(prefix="wb-"))
        self.socket = self._short / socket
        super().__init__(self._server(folder), folder, name)

    def is_ready(self) -> bool:
        try:
            return bool(Api(self.socket).info(1.0))
        except (OSError, ScrapeError):
            return False

    def start(self, patience: float = 120) -> None:
        super().start(patience)
        if "sandbox-base" not in self("images"):
            subprocess.run(
                [*self._client(), "import", "-", "sandbox-base:1"],
                input=root_tar(), capture_output=True, check=True, timeout=60, env=self.environment, cwd=self.folder,
            )  # fmt: skip

    def __call__(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [*self._client(), *words], capture_output=True, text=True, check=False, timeout=120, env=self.environment,
            cwd=self.folder,  # Podman's monitor writes a file into it when memory ran out
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *command: str, image: str = "sandbox-base:1", flags: tuple[str, ...] = (), check: bool = True) -> str:
        """Start a container in the background; return its id."""
        return self("run", "-d", "--network=none", *flags, image, *command, check=check)

    def remove_all(self) -> None:
        """Remove the containers a test left."""
        if left := self("ps", "-aq").split():
            self("kill", *left, check=False)  # Podman would wait ten seconds for each
            self("rm", "-f", *left, check=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_ready():
            self.remove_all()
        super().__exit__(kind, error, trace)
        wait_until(lambda: not _mounts_below(self._short), 20)
        for mount in _mounts_below(self.folder):  # Docker leaves a bind mount of its data behind
            subprocess.run(["umount", mount], check=True)
        shutil.rmtree(self._short, ignore_errors=True)

    def _server(self, folder: Path) -> list[str]:
        raise NotImplementedError

    def _client(self) -> list[str]:
        raise NotImplementedError


class Docker(Engine):
    """A daemon of its own, with its own containerd."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "dockerd", "d.sock")

    def kill(self) -> None:
        """Kill the daemon, and the one it started: left behind, it keeps the next one from starting."""
        super().kill()
        pid = self._short / "exec" / "containerd" / "containerd.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
        pid.unlink(missing_ok=True)  # where nobody reaps it, a dead one would be taken for one that runs

    def _server(self, folder: Path) -> list[str]:
        return [
            "dockerd", f"--data-root={folder / 'data'}", f"--exec-root={self._short / 'exec'}",
            f"--pidfile={self._short / 'pid'}", f"--host=unix://{self.socket}", "--iptables=false",
            "--bridge=none", "--storage-driver=vfs",
        ]  # fmt: skip

    def _client(self) -> list[str]:
        return ["docker", "-H", f"unix://{self.socket}"]


class Podman(Engine):
    """Podman with storage of its own, and its service of Docker's API; containers do not need the service."""

    def __init__(self, folder: Path) -> None:
        # its own limits are more than a container of CI may set
        settings = folder / "containers.conf"
        settings.write_text('[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n')
        self.environment = {**os.environ, "CONTAINERS_CONF": str(settings)}
        super().__init__(folder, "podman", "p.sock")

    def _server(self, folder: Path) -> list[str]:
        self._storage = [
            f"--root={folder / 'data'}", f"--runroot={self._short / 'run'}", f"--tmpdir={self._short / 'tmp'}",
            "--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=file",
            f"--runtime={shutil.which('runc')}",  # crun refuses cgroups in hybrid mode
        ]  # fmt: skip
        return [*self._client(), "system", "service", "--time=0", f"unix://{self.socket}"]

    def _client(self) -> list[str]:
        return ["podman", *self._storage]


def root_tar() -> bytes:
    """Return a root file system: busybox, and the names it is called by."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.add(str(shutil.which("busybox")), "bin/busybox")
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return out.getvalue()


def _mounts_below(folder: Path) -> list[str]:
    """Return mount points, the innermost first."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()]
    return sorted((point for point in points if Path(point).is_relative_to(folder)), reverse=True)


class Runc:
    """`runc` with a state directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self._bundles = folder / "state", folder / "bundles"
        self.root.mkdir(parents=True)
        self._ran: list[str] = []

    def __call__(self, *words: str, cwd: Path | None = None, check: bool = True) -> str:
        done = subprocess.run(
            ["runc", "--root", str(self.root), *words], cwd=cwd, capture_output=True, text=True, check=False,
            timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def bundle(self, key: str, *command: str, pool: str = "default") -> Path:
        """Write a bundle whose path names the pool."""
        folder = self._bundles / pool / key
        root = folder / "rootfs"
        root.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(root_tar())) as tar:
            tar.extractall(root, filter="fully_trusted")  # noqa: S202 - made above
        subprocess.run(["runc", "spec"], cwd=folder, check=True)
        spec: dict[str, Any] = json.loads((folder / "config.json").read_text())
        spec["process"] |= {"args": list(command), "terminal": False}
        spec["root"]["readonly"] = False
        (folder / "config.json").write_text(json.dumps(spec))
        return folder

    def run(self, key: str, *command: str, pool: str = "default") -> None:
        """Run a container in the background."""
        folder = self.bundle(key, *command, pool=pool)
        self._ran.append(key)
        with subprocess.Popen(
            ["runc", "--root", str(self.root), "run", "-d", key], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.wait(120) == 0

    def close(self) -> None:
        for key in self._ran:
            self("delete", "-f", key, check=False)
