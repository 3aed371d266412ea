"""What fetching needs of apt: install the system's packages, and take single binaries out of other suites."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SYSTEM_PACKAGES: Mapping[str, str] = {
    "prometheus": "prometheus",
    "promtool": "promtool",  # a package of its own from Debian 13 on, before that part of prometheus
    "prometheus-alertmanager": "prometheus-alertmanager",
    "redis-server": "redis-server",
    "prometheus-redis-exporter": "prometheus-redis-exporter",
    "postgresql": "pg_ctlcluster",  # its server is not on PATH
    "nats-server": "nats-server",
    "rabbitmq-server": "rabbitmqctl",
    "restic": "restic",
    "borgbackup": "borg",
    "pgbackrest": "pgbackrest",
    "chromium": "chromium",  # opens the runbook site
    "docker.io": "dockerd",
    "docker-compose": "docker-compose",
    "podman": "podman",
    "runc": "runc",
    "busybox-static": "busybox",  # the root file system of sandboxes
}  # package: the binary that shows it is there
SERVICES: Mapping[str, tuple[str, ...]] = {
    "docker.io": ("docker.service", "docker.socket"),
    "podman": ("podman.service", "podman.socket"),
}
"""Where a package's services are not named as it is."""
SUITE_PACKAGES = ("prometheus", "promtool", "prometheus-alertmanager")
SUITE_BINARIES = ("prometheus", "promtool", "prometheus-alertmanager", "amtool")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INDEX_FORMAT = "$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(CREATED_BY)"
IMPATIENT = ("-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20")


class AptError(Exception):
    """Apt could not do it; the message is its own last line."""


def available() -> bool:
    return shutil.which("apt-get") is not None


def absent_packages() -> tuple[str, ...]:
    return tuple(package for package, binary in SYSTEM_PACKAGES.items() if not shutil.which(binary))


def update() -> None:
    run([*_privileged(), "apt-get", *IMPATIENT, "update"], timeout=300)


def install(package: str) -> None:
    """Install a system package without leaving its services running or enabled."""
    systemd = Path("/run/systemd/system").is_dir() and package in SYSTEM_PACKAGES
    services = SERVICES.get(package, (package,))
    if systemd:  # masked until the package is in, so that nothing starts to listen on a user's machine
        run([*_privileged(), "systemctl", "mask", "--runtime", *services])
    try:
        quiet = ("DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")  # RUNLEVEL keeps invoke-rc.d from starting services
        options = ("-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")
        run([*_privileged(), "env", *quiet, "apt-get", *IMPATIENT, "install", *options, package], timeout=900)
    finally:
        if systemd:
            run([*_privileged(), "systemctl", "unmask", "--runtime", *services])
    if systemd:
        run([*_privileged(), "systemctl", "disable", *services])


def _privileged() -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    raise AptError("neither root nor sudo")


def mirror(index: str) -> str | None:
    """Name the machine's own Debian mirror, given `apt-get indextargets --format INDEX_FORMAT`."""
    for line in index.splitlines():
        uri, *rest = line.split("|")
        if rest == ["Debian", "Debian", "Packages"]:
            return uri
    return None


def find_mirror() -> str:
    """Ask apt; when the machine holds no package lists yet, ask again over lists fetched into a private folder."""
    found = mirror(run(["apt-get", "indextargets", "--format", INDEX_FORMAT]))
    if found is None and "ID=debian" in Path("/etc/os-release").read_text().splitlines():
        with tempfile.TemporaryDirectory(prefix="watchbill-apt-") as folder:
            options = _private(Path(folder))
            run(["apt-get", *options, *IMPATIENT, "update"], timeout=300)
            found = mirror(run(["apt-get", *options, "indextargets", "--format", INDEX_FORMAT]))
    if found is None:
        raise AptError("no Debian mirror among this machine's apt sources")
    return found


def fetch_suite(uri: str, suite: str, into: Path) -> None:
    """Put the suite's binaries into a folder, touching neither the system's packages nor its apt state."""
    if not KEYRING.is_file():
        raise AptError(f"{KEYRING} is not there")
    with tempfile.TemporaryDirectory(prefix=f"watchbill-{suite}-") as folder:
        work = Path(folder)
        sources = work / "sources.list"
        sources.write_text(f"deb [signed-by={KEYRING}] {uri} {suite} main\n")
        options = (*_private(work), "-o", f"Dir::Etc::SourceList={sources}", "-o", "Dir::Etc::SourceParts=/dev/null")
        run(["apt-get", *options, *IMPATIENT, "-o", "APT::Update::Error-Mode=any", "update"], timeout=300)
        for package in SUITE_PACKAGES:
            run(["apt-get", *options, *IMPATIENT, "download", package], cwd=work, timeout=300)
        for archive in work.glob("*.deb"):
            run(["dpkg", "-x", str(archive), str(work / "root")])
        into.mkdir(parents=True, exist_ok=True)
        for binary in SUITE_BINARIES:
            unpacked = work / "root/usr/bin" / binary
            if unpacked.is_file():
                shutil.copy2(unpacked, into / binary)


def _private(folder: Path) -> tuple[str, ...]:
    """Keep lists, caches, pins and the installed set of this run apart from the machine's."""
    for part in ("lists/partial", "archives/partial"):
        (folder / part).mkdir(parents=True)
    status = folder / "status"
    status.touch()
    settings = (
        f"Dir::State::Lists={folder}/lists",
        f"Dir::State::status={status}",
        f"Dir::Cache={folder}",
        "Dir::Etc::Preferences=/dev/null",
        "Dir::Etc::PreferencesParts=/dev/null",
        "Acquire::Languages=none",
        "APT::Sandbox::User=root",  # the unprivileged download user cannot enter a private folder
    )
    return tuple(word for setting in settings for word in ("-o", setting))


def run(command: Sequence[str], *, cwd: Path | None = None, timeout: float = 60) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, timeout=timeout, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AptError(str(error)) from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        raise AptError(next((line for line in said if line.startswith("E: ")), said[-1]).removeprefix("E: "))
    return done.stdout
