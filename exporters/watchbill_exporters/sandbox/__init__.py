"""The sandbox exporter: how many sandboxes there are, what they cost, and which ones stay for too long."""

from __future__ import annotations

from watchbill_exporters.core.contract import Exporter
from watchbill_exporters.core.memory.state import StateSource
from watchbill_exporters.sandbox.cgroup import CgroupSource
from watchbill_exporters.sandbox.docker import DockerSource
from watchbill_exporters.sandbox.hub import Hub
from watchbill_exporters.sandbox.lifecycle import LifecycleSource
from watchbill_exporters.sandbox.runc import RuncSource
from watchbill_exporters.sandbox.settings import PoolsSource


def exporter(hub: Hub | None = None) -> Exporter:
    """Return the exporter around one hub; tests make their own."""
    shared = hub or Hub()
    return Exporter(
        name="sandbox",
        prefix="sandbox",
        about="Sandboxes of agents: how many, how long, how soon they start, which ones leak.",
        port=9842,
        sources=(DockerSource(shared), RuncSource(shared), CgroupSource()),
        feeds=(StateSource(shared), PoolsSource(shared), LifecycleSource(shared)),
    )


EXPORTER = exporter()
