"""Configs of the exporters, as users would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from compose.simulator.names import AGENTS, TOOLS

if TYPE_CHECKING:
    from pathlib import Path

STALL_AFTER = "10s"


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


def _text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)
