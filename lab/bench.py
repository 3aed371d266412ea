"""The scrape configuration and rule files that put tile expressions to the test, one group a job."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Tiler = Callable[[str, str], str]  # (selector of a counter, its job) -> PromQL
COUNTER = "lab_requests_total"


@dataclass(frozen=True)
class Clock:
    """The scaled-down times of a run, in milliseconds."""

    scrape: int = 2_000
    timeout: int = 1_800
    delta: int = 5_000
    settle: int = 2_000
    bridge: int = 60_000


def scrape_config(address: str, server: str, jobs: Iterable[str], clock: Clock) -> dict[str, Any]:
    """Every job is discovered over HTTP, under the name of the server that asks."""
    return {
        "global": {"scrape_interval": f"{clock.scrape}ms", "scrape_timeout": f"{clock.timeout}ms"},
        "scrape_configs": [
            {
                "job_name": job,
                "http_sd_configs": [{"url": f"http://{address}/sd/{job}?server={server}", "refresh_interval": "1s"}],
            }
            for job in jobs
        ],
    }


def counter(job: str, *, errors: bool = False) -> str:
    return COUNTER + f'{{job="{job}"' + (',code=~"5.."}' if errors else "}")


def tile_rules(job: str, variant: str, tiler: Tiler, label: str = "variant") -> list[dict[str, Any]]:
    labels = {"job": job, label: variant}
    events = f'lab:events:tile{{job="{job}",{label}="{variant}"}}'
    return [
        {"record": "lab:events:tile", "labels": labels, "expr": tiler(counter(job), job)},
        {
            "record": "lab:errors:tile",
            "labels": labels,
            "expr": f"{tiler(counter(job, errors=True), job)} or sum({events}) * 0",
        },
    ]


def rule_file(jobs: Iterable[str], tilers: Mapping[str, Tiler], clock: Clock) -> dict[str, Any]:
    return {
        "groups": [
            {
                "name": job,
                "interval": f"{clock.delta}ms",
                "rules": [rule for variant, tiler in tilers.items() for rule in tile_rules(job, variant, tiler)],
            }
            for job in jobs
        ]
    }
