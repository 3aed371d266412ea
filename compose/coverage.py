"""Which alerts of the bundle the demo's faults fire, and why the others have none: a part of docs/recipes/demo.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from compose.demo.family import Family
from compose.demo.faults import all_of_processes
from compose.simulator import gateway
from compose.simulator.agents import conduct as agents
from compose.simulator.agents import faults as of_agents
from compose.simulator.backups import conduct as backups
from compose.simulator.backups import faults as of_backups
from compose.simulator.books import Books
from compose.simulator.queues import conduct as queues
from compose.simulator.queues import faults as of_queues
from compose.simulator.records import conduct as records
from compose.simulator.records import faults as of_records
from compose.simulator.records.release import Release
from compose.simulator.sandboxes import conduct as sandboxes
from compose.simulator.sandboxes import faults as of_sandboxes
from compose.simulator.streams import conduct as streams
from compose.simulator.streams import faults as of_streams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compose.simulator.fault import Fault

PAGE = Path(__file__).resolve().parents[1] / "docs" / "recipes" / "demo.md"
BEGIN, END = "<!-- written by `python -m compose.files` -->\n", "<!-- end of what is written -->\n"
REASONS = (
    ("Watchdog", "fires all the time, and is what reaches the receiver `deadman`"),
    ("Burn(Sustained|Slow|Chronic|Fast[234]h)", "a slower tier: faults here are total, and the fast tier silences it"),
    ("SignalMissing", "an exporter keeps its series, and one that is away is a target down, which silences this"),
    ("CounterResets", "exporters keep their counters over restarts"),
    ("Forecast(Exceeds)?$", "silenced by the budget that is soon, or already, exhausted"),
    ("PriceTableOld", "the table is that of an installed package"),
    ("Store(Filling|FullSoon|NearlyFull)", "takes hundreds of gigabytes"),
    ("RepositoryLocked|RestoreTooSlow|RunningTooLong", "takes longer than anybody watches a demo"),
    ("NeverRestored|BackupMissing", "the first round of backups and restore tests is part of the start"),
    ("CheckpointBackupBudgetBurnFast", "takes longer than a day: the recovery point pages long before"),
    (
        "RunQueue(WaitHigh|Overloaded|WorkersStalled)|FanOut(PeakAhead|TooFewSlots)",
        "a warning beside a page of the same queue or schedule, which silences it",
    ),
    ("SandboxesLeak", "compares two days of the demo's own traffic"),
    ("KnowledgeBaseRestore", "nothing here damages the knowledge base"),
    ("RuleEvaluation", "is about Prometheus, not the platform"),
)  # fmt: skip
"""Patterns of names, and why no fault fires them; the first that fits tells."""


def catalogue() -> list[Fault]:
    """Return every fault there is, without anything that runs."""
    return [
        *gateway.faults(gateway.Conduct(), Books()),
        *of_agents.faults(agents.Conduct()),
        *of_streams.faults(streams.Conduct()),
        *of_records.faults(records.Conduct(), Release(Path("/nowhere"))),
        *of_sandboxes.faults(sandboxes.Conduct()),
        *of_queues.faults(queues.Conduct()),
        *of_backups.faults(backups.Conduct()),
        *all_of_processes(Family()),
    ]


def uncovered(alerts: Iterable[str]) -> dict[str, list[str]]:
    """Return alerts that no fault fires, by the reason; one without a reason is under ``""``."""
    fired = {name for fault in catalogue() for name in fault.alerts}
    found: dict[str, list[str]] = {}
    for name in alerts:
        if name not in fired:
            reason = next((why for pattern, why in REASONS if re.search(pattern, name)), "")
            found.setdefault(reason, []).append(name)
    return found


def written(alerts: Iterable[str]) -> str:
    """Return the part of the page."""
    known = list(alerts)
    faults = [fault for fault in catalogue() if fault.alerts]
    lines = ["| fault | alerts |", "|---|---|"]
    lines += [f"| `{fault.name}` | {_names(fault.alerts)} |" for fault in faults]
    fired = {name for fault in faults for name in fault.alerts}
    silent = [fault.name for fault in catalogue() if not fault.alerts]
    lines += ["", f"Dashboards and logs show these, and no alert is about them: {_names(silent)}.", ""]
    lines += [f"Of {len(known)} alerts {len(fired)} have a fault. These have none:", ""]
    lines += [f"- {why}: {_names(names)}" for why, names in uncovered(known).items()]
    return "\n".join(lines) + "\n"


def page(text: str, alerts: Iterable[str]) -> str:
    """Return the page with its written part renewed."""
    head, rest = text.split(BEGIN, 1)
    return f"{head}{BEGIN}\n{written(alerts)}\n{END}{rest.split(END, 1)[1]}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
