"""Groups of the kernel: one parent group for each pool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from watchbill_exporters.core.fields import Name, TargetSection, fault
from watchbill_exporters.core.memory.tally.snapshot import described, metric
from watchbill_exporters.sandbox import catalogue as names
from watchbill_exporters.sandbox.cgroup.mounts import mounts
from watchbill_exporters.sandbox.cgroup.read import Usage, usage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver

MOUNTINFO = Path("/proc/self/mountinfo")
FAMILIES = (
    names.CPU_SECONDS, names.MEMORY, names.MEMORY_LIMIT, names.OOM_KILLS, names.SANDBOXES, names.OLDEST_START,
)  # fmt: skip


def _group(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/") or not value:
        raise fault("not a group's path", 'As below the mount: "sandboxes.slice", "docker", "kubepods/burstable".')
    return value.rstrip("/")


class CgroupSection(TargetSection):
    """One parent group, which holds a pool's sandboxes and nothing else."""

    kind: Literal["cgroup"]
    group: Annotated[str, AfterValidator(_group)] = Field(description="Its path below the mounts, the same in each.")
    pool: Name
    children: str = Field("", description='Groups in it that are sandboxes: "*.scope". Nothing: they are not counted.')
    runtime: str = Field("cgroup", max_length=128, description="What the label `runtime` says of counted ones.")


@dataclass(frozen=True)
class CgroupConfig:
    group: str
    pool: str
    children: str
    runtime: str
    mountinfo: Path = MOUNTINFO


@dataclass(frozen=True)
class Seen:
    """A reading with what it is of."""

    config: CgroupConfig
    usage: Usage


class CgroupClient:
    """Reads a handful of files; mounts are looked up each time, as a group's parent may move."""

    def __init__(self, config: CgroupConfig) -> None:
        self._config = config

    def read(self, _: Deadline) -> Seen:
        """Return what the kernel says. Raises ScrapeError, OSError."""
        found = mounts(self._config.mountinfo.read_text(encoding="utf-8", errors="replace"))
        return Seen(self._config, usage(found, self._config.group, self._config.children))

    def close(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True)
class CgroupSource:
    """Registered in sandbox/__init__.py."""

    kind: str = "cgroup"
    section: type[CgroupSection] = CgroupSection

    def resolve(self, section: CgroupSection, _: Resolver) -> CgroupConfig:
        return CgroupConfig(section.group, section.pool, section.children, section.runtime)

    def connect(self, config: CgroupConfig) -> CgroupClient:
        return CgroupClient(config)

    def describe(self) -> Iterable[Metric]:
        return described(FAMILIES)

    def families(self, snapshot: Seen) -> Iterable[Metric]:
        pool, found = (snapshot.config.pool,), snapshot.usage
        for family, value in (
            (names.CPU_SECONDS, found.cpu_seconds),
            (names.MEMORY, found.memory),
            (names.MEMORY_LIMIT, found.memory_limit),
            (names.OOM_KILLS, found.oom_kills),
        ):
            yield metric(family, () if value is None else ((pool, value),))
        if found.children is not None:
            running = (*pool, snapshot.config.runtime, "running")
            yield metric(names.SANDBOXES, ((running, float(len(found.children))),))
            yield metric(names.OLDEST_START, ((pool, min(found.children)),) if found.children else ())
