"""One run of the lab: servers side by side against the same targets, and what each of them counted."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.bench import COUNTER, Clock, scrape_config
from lab.lives import Behaviour
from lab.prometheus import Prometheus
from lab.targets import TargetLab
from lab.truth import Count, happened, recorded, shown

DISCOVERY_SECONDS = 6  # a Prometheus passes new targets on every 5 s, after a refresh of 1 s
Interruption = Callable[[Prometheus], None]


@dataclass(frozen=True)
class Contender:
    """A server to run, and what is done to it while the traffic flows."""

    name: str
    binary: Path
    interruption: Interruption | None = None


@dataclass(frozen=True)
class Trial:
    """A finished run: the traffic is over and every tile is recorded, the servers still answer."""

    lab: TargetLab
    servers: Mapping[str, Prometheus]
    clock: Clock
    opened: float

    def counted(self, server: str, job: str, variant: str) -> Count:
        return recorded(self.servers[server], {"job": job, "variant": variant}, int(time.time() - self.opened) + 1)

    def shown(self, server: str, job: str) -> Count:
        return shown(self.lab.of(job), server)

    def happened(self, job: str, since: float = 0, until: float = float("inf")) -> Count:
        """Count what happened between two times after the opening."""
        return happened(self.lab.of(job), self.opened + since, self.opened + until)

    def restarts(self, job: str) -> int:
        return sum(target.life.number for target in self.lab.of(job))

    def missed_evaluations(self, server: str) -> int:
        return int(self.servers[server].own_metric("prometheus_rule_group_iterations_missed_total"))


@contextmanager
def trial(
    contenders: Sequence[Contender],
    jobs: Mapping[str, Behaviour],
    rules: Mapping[str, Any],
    folder: Path,
    *,
    clock: Clock,
    seconds: float,
    targets_per_job: int = 2,
) -> Iterator[Trial]:
    with TargetLab(jobs, targets_per_job) as lab, ExitStack() as stack:
        servers = {
            each.name: stack.enter_context(
                Prometheus(
                    each.binary,
                    folder / each.name,
                    scrape_config(lab.address, each.name, jobs, clock),
                    rules,
                )
            )
            for each in contenders
        }
        for server in servers.values():
            _wait_for_history(server, lab, clock)
        opened = time.time()
        lab.open()
        with ThreadPoolExecutor() as pool:
            ends = [pool.submit(each.interruption, servers[each.name]) for each in contenders if each.interruption]
            time.sleep(seconds)
        lab.close()
        for end in ends:
            end.result()
        time.sleep(DISCOVERY_SECONDS + (clock.scrape + clock.settle + 2 * clock.delta) / 1000)
        yield Trial(lab, servers, clock, opened)


def _wait_for_history(server: Prometheus, lab: TargetLab, clock: Clock, patience: float = 60) -> None:
    """Hold the traffic back until every target has been seen long enough for the next tile to have a right end."""
    before = f"[{clock.bridge}ms] offset {clock.delta + clock.settle}ms"
    listed = [target for target in lab.targets.values() if target.behaviour.joins_at is None]
    expected = sum(len(target.life.history) for target in listed)
    deadline = time.monotonic() + patience
    while [value for _, value in server.query(f"count(last_over_time({COUNTER}{before}))")] != [expected]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not every target was scraped:\n{server.log_tail()}")
        time.sleep(0.2)
