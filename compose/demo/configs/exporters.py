"""Configs of the exporters, as users would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from compose.simulator.backups.restic import REPOSITORIES, Places
from compose.simulator.names import AGENTS, QUEUES, THREADS, TOOLS
from compose.simulator.sandboxes.manager import POOLS, RUNTIME

if TYPE_CHECKING:
    from pathlib import Path

STALL_AFTER = "10s"
PLACES = 40


def agent(platform: Path, token: Path) -> str:
    logs = platform / "logs"
    return _text(
        {
            "labels": {"agents": list(AGENTS), "tools": list(TOOLS)},
            "state": {"file": str(platform / "agent.state"), "every": "5s"},
            "otlp": {"settle": "1s"},
            "streams": {"files": [f"{logs}/edge.jsonl*"], "stall_after": STALL_AFTER, "existing": "read"},
            "evaluations": {"files": [f"{logs}/evals.jsonl*"], "existing": "read"},
            "experiments": {
                "files": [f"{logs}/experiments.jsonl*"],
                "known": {"short-prompt": ["control", "treatment"]},
                "existing": "read",
            },
            "incidents": {"token_file": str(token), "ledger": str(platform / "incidents.jsonl")},
            "releases": {
                "manifests": [f"{platform}/release/{agent}.yaml" for agent in AGENTS],
                "files": [f"{logs}/deploys.jsonl*"],
                "existing": "read",
            },
        }
    )


def sandbox(platform: Path) -> str:
    return _text(
        {
            "state": {"file": str(platform / "sandbox.state"), "every": "5s"},
            "pools": {"capacity": dict.fromkeys(POOLS, PLACES), "runtimes": [RUNTIME]},
            "lifecycle": {"files": [f"{platform}/logs/sandboxes.jsonl*"], "existing": "read"},
        }
    )


def queue(redis: str) -> str:
    workers = {f"{name}@*": [name] for name in QUEUES}
    target = {
        "name": "broker", "kind": "celery", "url": redis, "queues": list(QUEUES), "workers": workers,
        "heartbeat": "2s", "events": True, "concurrency": THREADS,
    }  # fmt: skip
    return _text({"targets": [target]})


def backup(platform: Path, *, store: dict[str, Any] | None = None) -> str:
    """`store` is a PostgreSQL with checkpoints, where there is one; else they are in SQLite."""
    places = Places(platform / "backups")
    targets: list[dict[str, Any]] = [
        {
            "name": name, "kind": "restic", "repository": str(places.repository(name)), "state": str(places.state),
            "password_file": str(places.password), "refresh": "1m", "timeout": "30s",
            "sources": [{"source": source, "host": source} for source in sources],
        }
        for name, sources in REPOSITORIES.items()
    ]  # fmt: skip
    targets.append(  # restore tests; what was backed up is told by the targets above
        {"name": "records", "kind": "state", "directory": str(places.state), "elsewhere": list(REPOSITORIES)}
    )
    where = {"sqlite": str(platform / "checkpoints" / "live.db")} if store is None else {"postgres": store}
    targets.append({"name": "checkpoints", "kind": "checkpoints", "refresh": "30s", **where})
    return _text({"targets": targets})


def _text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)
