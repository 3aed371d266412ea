"""Stands in for images that cannot be pulled: busybox for a root, and this machine's own binaries mounted into it."""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any

from lab.toolchain import ROOT, alertmanagers, prometheis

IMAGE = "stand-in:1"
APPLETS = ("sh", "wget", "httpd", "mkdir", "test", "echo", "chown", "sleep", "cat")
FOLDERS = ("bin", "tmp", "run", "etc", "platform")
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/passwd", "/etc/group")
NOBODY = 65534
DATA, SOCKETS = "/var/lib/postgresql/data", "/var/run/postgresql"
DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of PATH
NEEDED = ("dockerd", "docker", "docker-compose", "busybox", "redis-server", "redis-cli", "psql", "restic", "setpriv")


def missing() -> str:
    """Say what is not here; empty when all is."""
    absent = [name for name in NEEDED if shutil.which(name) is None]
    absent += [] if postgres() else ["PostgreSQL's server"]
    absent += [] if prometheis() and alertmanagers() else ["prometheus, alertmanager"]
    return f"not available: {', '.join(absent)}" if absent else ""


def postgres() -> Path | None:
    found = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def root_tar() -> bytes:
    """Return a root file system: busybox, the names it is called by, and folders to mount into."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in FOLDERS:  # before what is in them: made on the way they are closed to all but root
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(folder)
        tar.add(str(shutil.which("busybox")), "bin/busybox")
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return out.getvalue()


def override(services: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an override file: other images and what they need, nothing of what is under test."""
    made = {name: _ours() if "build" in service else _theirs(name) for name, service in services.items()}
    return {"services": made}


def _ours() -> dict[str, Any]:
    python = Path(sys.base_prefix)
    mounts = [] if python.is_relative_to("/usr") else [f"{python}:{python}:ro"]
    environment = {
        "PATH": f"{ROOT}/.venv/bin:{Path(sys.executable).parent}:/usr/sbin:/usr/bin:/bin",
        "PYTHONPATH": ":".join(map(str, (ROOT, ROOT / "exporters", ROOT / "generator"))),
        "HOME": "/tmp",  # noqa: S108 - of a container
    }
    tools = Path(sys.executable).parent.parent
    volumes = [*_system(), *mounts, f"{ROOT}:{ROOT}:ro"]
    volumes += [] if tools.is_relative_to(ROOT) else [f"{tools}:{tools}:ro"]
    return {"image": IMAGE, "volumes": volumes, "working_dir": str(ROOT), "environment": environment}


def _theirs(name: str) -> dict[str, Any]:
    common = {"image": IMAGE, "environment": {"PATH": "/usr/sbin:/usr/bin:/bin"}, "volumes": _system()}
    match name:
        case "prometheus":
            return {**common, **_binary(prometheis()[-1].path)}
        case "alertmanager":
            return {**common, **_binary(alertmanagers()[-1].path)}
        case "postgres":
            return {**common, "entrypoint": ["/bin/busybox", "sh", "-c", _postgres()]}
        case "grafana":
            return {**common, "entrypoint": ["/bin/busybox", "sh", "-c", _grafana()]}
        case _:
            return common


def _binary(path: Path) -> dict[str, Any]:
    return {"volumes": [*_system(), f"{path}:/tool:ro"], "entrypoint": ["/tool"]}


def _system() -> list[str]:
    return [f"{path}:{path}:ro" for path in SYSTEM]


def _postgres() -> str:
    """Do what the image's entrypoint does: a cluster, the database, trust for whoever gets here."""
    setpriv = shutil.which("setpriv")  # by its path: busybox has one of its own
    programs, unprivileged = postgres(), f"{setpriv} --reuid={NOBODY} --regid={NOBODY} --clear-groups"
    return f"""
        set -e
        mkdir -p {SOCKETS}; chown {NOBODY}:{NOBODY} {DATA} {SOCKETS}
        {unprivileged} {programs}/initdb -D {DATA} -U postgres -A trust -E UTF8 --locale=C --no-sync
        echo 'host all all all trust' >> {DATA}/pg_hba.conf
        echo "create database $$POSTGRES_DB" | {unprivileged} {programs}/postgres --single -D {DATA} postgres
        exec {unprivileged} {programs}/postgres -D {DATA} -c 'listen_addresses=*' -k {SOCKETS}
    """


def _grafana() -> str:
    """Start only where Grafana would find what is provisioned."""
    provisioning, dashboards = "/etc/grafana/provisioning", "/var/lib/grafana/dashboards/support-agents"
    return f"""
        set -e
        test -s {provisioning}/datasources/datasources.yaml; test -s {provisioning}/dashboards/support-agents.yaml
        test -s {dashboards}/overview.json
        mkdir -p /tmp/www/api; echo ok > /tmp/www/api/health
        exec busybox httpd -f -p 3000 -h /tmp/www
    """
