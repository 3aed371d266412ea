"""What a deploy did to a run under way, or to a checkpoint: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.operations import POLICIES
from watchbill_exporters.core.records.decode import OTHER

if TYPE_CHECKING:
    from watchbill_exporters.core.records.decode import Fields

MOST = 1_000_000


@dataclass(frozen=True)
class RunAction:
    """`count` runs met the same fate."""

    policy: str
    result: str
    user_notified: bool
    count: int = 1


@dataclass(frozen=True)
class Migration:
    """A checkpoint was brought to another graph version, or was not."""

    result: str
    count: int = 1


Action = RunAction | Migration


def parse(fields: Fields) -> Action:
    """Return the action of a line. Raises RefusedError."""
    kind = fields.choice("type", ("run_action", "migration"))
    fields.time("ts")
    count = fields.whole("count", least=0, most=MOST)
    many = 1 if count is None else count
    if kind == "migration":
        fields.only("ts", "type", "result", "count", "agent", "release")
        return Migration(fields.text("result"), many)
    fields.only("ts", "type", "policy", "result", "user_notified", "count", "agent", "release")
    policy = fields.choice("policy", (*POLICIES, OTHER))
    return RunAction(policy, fields.text("result"), fields.flag("user_notified", default=False), many)
