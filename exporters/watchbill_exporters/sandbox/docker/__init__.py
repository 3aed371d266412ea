"""Containers of Docker or Podman, by the daemon's socket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import TargetSection
from watchbill_exporters.sandbox.docker.client import DockerClient, DockerConfig
from watchbill_exporters.sandbox.source import LiveSource

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.sandbox.hub import Hub


class DockerSection(TargetSection):
    """A daemon. Who may use its socket may do anything on the host: give the exporter one that only reads."""

    kind: Literal["docker"]
    socket: Path = Field(Path("/var/run/docker.sock"), description="Podman: /run/podman/podman.sock.")
    runtime: str = Field("", max_length=128, description="What the label `runtime` says; the daemon's own by default.")


@dataclass(frozen=True)
class DockerSource(LiveSource):
    """Registered in sandbox/__init__.py."""

    hub: Hub
    kind: str = "docker"
    section: type[DockerSection] = DockerSection

    def resolve(self, section: DockerSection, resolver: Resolver) -> DockerConfig:
        return DockerConfig(section.name, resolver.path(section.socket), section.runtime)

    def connect(self, config: DockerConfig) -> DockerClient:
        return DockerClient(self.hub, config)
