"""Where things are: the simulator's config."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """All that the platform is told. Addresses are `host:port`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Field(description="Where the platform writes what exporters read: logs, manifests, repositories.")
    exporter: str = Field(description="Base URL of the agent exporter.")
    control: str = Field("127.0.0.1:9480", description="Faults, the prober, and the platform's own metrics.")
    gateway: str = Field("127.0.0.1:9481", description="Where its model gateway listens.")
    edge: str = Field("127.0.0.1:9482", description="Where it serves streams.")
    redis: str | None = Field(None, description="URL of the Redis that holds its queues; without it there are none.")
    postgres: str | None = Field(None, description="URL of a PostgreSQL that gets checkpoints too.")
    incidents_token: Path | None = Field(None, description="The token of the exporter's incident endpoint.")
    seed: int = 7
    pace: float = Field(1.0, gt=0, le=20, description="Multiplies all rates.")
    diurnal: float = Field(0.0, ge=0, lt=1, description="How far nights are below and days above the mean.")

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def parted(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
