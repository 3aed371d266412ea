"""Real back ends of the sandbox exporter: a Docker daemon and runc, each with a root file system of busybox."""

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

from tests.lab.process import Service, wait_until
from watchbill_exporters.sandbox.docker.api import Api

if TYPE_CHECKING:
    from types import TracebackType

APPLETS = ("sh", "sleep", "true", "false", "tail", "head", "cat")
NEEDED = ("dockerd", "docker", "runc", "busybox")


def absent(*tools: str) -> str:
    """Say which tools are not there; empty when all are."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return f"not available: {', '.join(missing)}" if missing else ""


class Docker(Service):
    """A daemon of its own; containers have no network."""

    def __init__(self, folder: Path) -> None:
        # a socket's path has 108 bytes, less than some temporary folders
        self._short = Path(tempfile.mkdtemp(prefix="wb-"))
        self.socket = self._short / "d.sock"
        super().__init__(
            [
                "dockerd", f"--data-root={folder / 'data'}", f"--exec-root={self._short / 'exec'}",
                f"--pidfile={self._short / 'pid'}", f"--host=unix://{self.socket}", "--iptables=false",
                "--bridge=none", "--storage-driver=vfs",
            ],
            folder, "dockerd",
        )  # fmt: skip

    def is_ready(self) -> bool:
        try:
            return bool(Api(self.socket).info(1.0))
        except OSError:
            return False

    def start(self, patience: float = 30) -> None:
        super().start(patience)
        if "sandbox-base" not in self("images"):
            subprocess.run(
                ["docker", "-H", f"unix://{self.socket}", "import", "-", "sandbox-base:1"],
                input=root_tar(), capture_output=True, check=True, timeout=60,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill the daemon, and the one it started: left behind, it keeps the next one from starting."""
        super().kill()
        pid = self._short / "exec" / "containerd" / "containerd.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGKILL)
        pid.unlink(missing_ok=True)  # where nobody reaps it, a dead one would be taken for one that runs

    def __call__(self, *words: str, check: bool = True) -> str:
        command = ["docker", "-H", f"unix://{self.socket}", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *command: str, image: str = "sandbox-base:1", flags: tuple[str, ...] = (), check: bool = True) -> str:
        """Start a container in the background; return its id."""
        return self("run", "-d", "--network=none", *flags, image, *command, check=check)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_ready():
            self("kill", *self("ps", "-q").split(), check=False)
        super().__exit__(kind, error, trace)
        wait_until(lambda: not _mounts_below(self._short), 5)
        shutil.rmtree(self._short, ignore_errors=True)


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


def _mounts_below(folder: Path) -> bool:
    return str(folder) in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


class Runc:
    """`runc` with a state directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self._bundles = folder / "state", folder / "bundles"
        self.root.mkdir(parents=True)
        self._ran: list[str] = []

    def __call__(self, *words: str, cwd: Path | None = None, check: bool = True) -> str:
        done = subprocess.run(
            ["runc", "--root", str(self.root), *words], cwd=cwd, capture_output=True, text=True, check=False,
            timeout=60, stdin=subprocess.DEVNULL,
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
            assert process.wait(30) == 0

    def close(self) -> None:
        for key in self._ran:
            self("delete", "-f", key, check=False)
