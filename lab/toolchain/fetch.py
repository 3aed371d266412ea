"""Bring the tools the tests need onto this machine: `python -m lab.toolchain.fetch`."""

import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.toolchain import BINARIES, CACHE, MANIFEST, SUITES, SYSTEM, Entry, Missing, Tool, apt, dump, on_path, probe

NO_PROMTOOL = """\
promtool is needed and was not found. Put these on PATH and run this again:
  promtool, prometheus     2.42 or newer  https://prometheus.io/download/#prometheus
  alertmanager, amtool     0.25 or newer  https://prometheus.io/download/#alertmanager
  redis-server, redis_exporter (as prometheus-redis-exporter), for the tests on a real service
  PostgreSQL, nats-server, rabbitmq-server, for the tests of the queue exporter
  docker, podman, runc, a static busybox, for the tests of the sandbox exporter
  restic, borg, pgbackrest, PostgreSQL's initdb, for the tests of the backup exporter
  chromium, for the tests of the runbook site
On Debian or Ubuntu, as root:
  apt-get install prometheus prometheus-alertmanager redis-server prometheus-redis-exporter chromium docker.io \\
    docker-compose podman runc busybox-static postgresql nats-server rabbitmq-server restic borgbackup pgbackrest"""


def main() -> int:
    without_apt = None if apt.available() else "there is no apt-get on this system"
    reasons = [without_apt] if without_apt else install_system_packages()
    entries = [*on_path(), *fetch_suites(without_apt)]
    for entry in entries:
        print(entry)
    for reason in reasons:
        print(f"system packages not installed: {reason}", file=sys.stderr)
    if not any(isinstance(entry, Tool) and entry.name == "promtool" and entry.leg == SYSTEM for entry in entries):
        print(NO_PROMTOOL, file=sys.stderr)
        return 1
    CACHE.mkdir(exist_ok=True)
    fresh = MANIFEST.with_suffix(".new")
    fresh.write_text(dump(entries))
    fresh.replace(MANIFEST)
    return 0


def install_system_packages() -> Sequence[str]:
    """Install what is not there yet; for each package that could not be installed, the reason."""
    if not (absent := apt.absent_packages()):
        return []
    try:
        apt.update()
    except apt.AptError as error:
        return [f"{', '.join(absent)}: {error}"]
    return [reason for package in absent if (reason := install(package))]


def install(package: str) -> str | None:
    if package not in apt.absent_packages():  # came with the one before
        return None
    print(f"installing {package}", flush=True)
    try:
        apt.install(package)
    except apt.AptError as error:
        return f"{package}: {error}"
    return None


def fetch_suites(reason: str | None) -> Sequence[Entry]:
    if reason is None:
        try:
            uri = apt.find_mirror()
        except apt.AptError as error:
            reason = str(error)
    if reason is not None:
        return [entry for suite in SUITES for entry in missing_suite(suite, reason)]
    with ThreadPoolExecutor() as pool:
        suites = pool.map(lambda suite: suite_entries(suite, lambda into: apt.fetch_suite(uri, suite, into)), SUITES)
        return [entry for entries in suites for entry in entries]


def suite_entries(suite: str, fetch: Callable[[Path], None], cache: Path = CACHE) -> Sequence[Entry]:
    print(f"fetching newer versions from {suite}", flush=True)
    into = cache / suite
    shutil.rmtree(into, ignore_errors=True)
    try:
        fetch(into)
    except (apt.AptError, OSError) as error:
        return missing_suite(suite, str(error))
    return [suite_entry(name, binaries, suite, into) for name, binaries in BINARIES.items()]


def suite_entry(name: str, binaries: Sequence[str], suite: str, into: Path) -> Entry:
    for binary in binaries:
        if (into / binary).is_file():
            return probe(name, into / binary, suite)
    return Missing(name, "not among the suite's packages", suite)


def missing_suite(suite: str, reason: str) -> Sequence[Entry]:
    return [Missing(name, reason, suite) for name in BINARIES]


if __name__ == "__main__":
    sys.exit(main())
