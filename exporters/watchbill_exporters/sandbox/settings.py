"""`pools:` which sandboxes there are, how many of them have room, and how their series are bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.fields import Name, Section, fault
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.memory.tally.limits import Allowance
from watchbill_exporters.sandbox import catalogue as names
from watchbill_exporters.sandbox.pools import OTHER, Pools, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.contract import Task
    from watchbill_exporters.core.memory.tally.snapshot import Snapshot
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route
    from watchbill_exporters.sandbox.hub import Hub

MOST_POOLS = 50


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise fault(f"no regular expression: {error}") from None
    return value


class RuleSection(Section):
    """A rule; what is left out fits everything."""

    pool: Name
    image: str = Field("", description='A glob of the image\'s name: "registry/sandbox-*".')
    labels: dict[str, str] = Field(default={}, description="Labels of the container, with their values.")
    path: Annotated[str, AfterValidator(_regex)] = Field("", description="A regex on the bundle's or cgroup's path.")


class PoolsSection(Section):
    """Without it everything is a sandbox of the pool `other`."""

    rules: tuple[RuleSection, ...] = Field((), description="The first that fits decides.")
    pool_label: str = Field("", description="A container label whose value is the pool, before all rules.")
    rest: str = Field(OTHER, max_length=128, description='The pool of what no rule fits; "" ignores it.')
    capacity: dict[Name, Annotated[int, Field(ge=0)]] = Field(
        default={}, description="How many sandboxes each pool has room for."
    )
    runtimes: tuple[str, ...] = Field((), description="Runtimes whose series start at 0.")
    most: int = Field(MOST_POOLS, ge=1, le=10_000, description="Pools shown besides those named here; then `other`.")


@dataclass(frozen=True)
class PoolsConfig:
    """Rules, and room by pool."""

    pools: Pools = field(default_factory=Pools)
    capacity: tuple[tuple[str, int], ...] = ()
    known: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ()
    most: int = MOST_POOLS


class PoolsFeed:
    """Receives nothing: it sets up rules and series, and has the page of what is counted."""

    def __init__(self, hub: Hub, config: PoolsConfig) -> None:
        self._hub = hub
        hub.tally.pin(names.COUNTED)
        hub.enter(self)
        self.adopt(config)

    def read(self, _: Deadline) -> Snapshot:
        return self._hub.read(self)

    def routes(self) -> Iterable[Route]:
        return ()

    def tasks(self) -> Iterable[Task]:
        return ()

    def adopt(self, config: PoolsConfig) -> None:
        self._hub.pools = config.pools
        tally = self._hub.tally
        tally.configure({"pool": Allowance(config.known, config.most), "runtime": Allowance(config.runtimes, 20)})
        tally.replace(names.CAPACITY, {(pool,): float(room) for pool, room in config.capacity})

    def close(self) -> None:
        self._hub.leave(self)


@dataclass(frozen=True)
class PoolsSource(InputSource):
    """Registered in sandbox/__init__.py."""

    hub: Hub
    kind: str = "pools"
    section: type[PoolsSection] = PoolsSection

    def resolve(self, section: PoolsSection, _: Resolver) -> PoolsConfig:
        rules = tuple(
            Rule(r.pool, r.image, tuple(sorted(r.labels.items())), re.compile(r.path) if r.path else None)
            for r in section.rules
        )
        known = tuple(dict.fromkeys((*(r.pool for r in rules), *section.capacity, *filter(None, (section.rest,)))))
        for i, rule in enumerate(rules[:-1]):
            if not (rule.image or rule.labels or rule.path):
                raise InvalidError(("rules", i), "fits everything: no rule after it is ever tried", "Put it last.")
        pools = Pools(rules, section.rest, section.pool_label)
        return PoolsConfig(pools, tuple(section.capacity.items()), known, section.runtimes, section.most)

    def connect(self, config: PoolsConfig) -> PoolsFeed:
        return PoolsFeed(self.hub, config)
