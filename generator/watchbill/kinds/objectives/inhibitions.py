"""Which alerts keep which others quiet: each incident is told once, at its cause, and never below its severity.

Rules hold for a whole service: Alertmanager tries every rule on every alert. `equal` names all group labels there are:
alerts of one objective carry the same ones, and a label that both sides lack is equal. The objective itself is among
them wherever the source names objectives, so that targets need not repeat it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.objectives.companions import expected_groups
from watchbill.kinds.objectives.feeding import explained
from watchbill.model import Inhibition, LabelMatcher
from watchbill.regexes import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.burn import Tier
    from watchbill.kinds.feeds import Fed
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.feeding import Job
    from watchbill.kinds.setting import Setting

SAME_OBJECTIVE = (conventions.SERVICE, conventions.SLO)
MISSING = LabelMatcher("alertname", "=~", ".+SignalMissing")
NOT_MISSING = LabelMatcher("alertname", "!~", ".+SignalMissing")
NO_TIER = LabelMatcher(conventions.TIER, "=", "")
"""A tier may be called signal-missing; the companion of that name has no tier."""


PLURALS = {
    conventions.SLO: "objectives",
    conventions.BUDGET: "budgets",
    conventions.CAPACITY: "capacities",
    conventions.RECOVERY: "backups",
}


def inhibitions(
    setting: Setting, listed: Sequence[Facts], feeds: Iterable[Fed], jobs: Iterable[Job]
) -> tuple[Inhibition, ...]:
    """Return the inhibitions of a service's objectives, and those of jobs that are down over all they feed."""
    down = tuple(_targets_down(setting, feeds, jobs))
    if not listed:
        return down
    groups = tuple(dict.fromkeys(name for facts in listed for name in facts.sli.group_names))
    mark = setting.mark
    return (
        *down,
        *_missing(listed, mark, groups),
        _page_over_ticket(listed, mark, groups),
        *_faster(listed, mark, groups),
    )


def one_of(label: str, values: Iterable[str]) -> LabelMatcher:
    """Return the matcher for one of some values."""
    found = tuple(dict.fromkeys(values))
    if len(found) == 1:
        return LabelMatcher(label, "=", found[0])
    return LabelMatcher(label, "=~", "|".join(escape(v) for v in found))


def _severity(facts: Facts, level: str) -> LabelMatcher:
    return LabelMatcher(conventions.SEVERITY, "=", facts.severity(level))


def _page_over_ticket(listed: Sequence[Facts], mark: LabelMatcher, groups: tuple[str, ...]) -> Inhibition:
    objective = LabelMatcher(conventions.SLO, "!=", "")
    page, ticket = (_severity(listed[0], level) for level in ("page", "ticket"))
    about = "a page over tickets of the same objective and group"
    return Inhibition((mark, page, objective), (mark, ticket), (*SAME_OBJECTIVE, *groups), about)


def _faster(listed: Sequence[Facts], mark: LabelMatcher, groups: tuple[str, ...]) -> Iterator[Inhibition]:
    """Tiers of one severity, quickest first. Objectives of different ladders are kept apart: orders may differ."""
    ladders: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for facts in listed:
        for level in ("page", "ticket"):
            names = ladder(tier for tier in facts.tiers if tier.severity == level)
            if len(names) > 1:
                ladders[level, names].append(facts.name)
    for (level, names), slos in ladders.items():
        severity, objectives = _severity(listed[0], level), one_of(conventions.SLO, slos)
        for i, name in enumerate(names[:-1]):
            yield Inhibition(
                source=(mark, severity, objectives, LabelMatcher(conventions.TIER, "=", name)),
                target=(mark, severity, one_of(conventions.TIER, names[i + 1 :])),
                equal=(*SAME_OBJECTIVE, *groups),
                about=f"a faster tier over slower ones of the same severity ({level})",
            )


def ladder(tiers: Iterable[Tier]) -> tuple[str, ...]:
    """Return the names of tiers, the one that tells first first."""
    return tuple(tier.name for tier in sorted(tiers, key=lambda t: t.long))


def _missing(listed: Sequence[Facts], mark: LabelMatcher, groups: tuple[str, ...]) -> Iterator[Inhibition]:
    """A lost signal over what is computed from its last words; a ticket over tickets only."""
    kept: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for facts in listed:
        if facts.on_no_data in {"page", "ticket"}:
            kept[facts.on_no_data, expected_groups(facts) != [()]].append(facts.name)
    for (level, by_group), slos in kept.items():
        objectives = one_of(conventions.SLO, slos)
        below = (_severity(listed[0], "ticket"),) if level == "ticket" else ()
        yield Inhibition(
            source=(mark, MISSING, NO_TIER, _severity(listed[0], level), objectives),
            target=(mark, NOT_MISSING, *below),
            equal=(*SAME_OBJECTIVE, *(groups if by_group else ())),
            about=f"a missing signal ({level}) over what is computed from it",
        )


def _targets_down(setting: Setting, feeds: Iterable[Fed], jobs: Iterable[Job]) -> Iterator[Inhibition]:
    """A job that is down over what nothing else feeds: of the rest it may explain a part only."""
    by_job = explained(feeds)
    for job in jobs:
        name = conventions.targets_down_alert(setting.service, job.level)
        source = (setting.mark, LabelMatcher("alertname", "=", name), LabelMatcher("job", "=", job.name))
        ticket = LabelMatcher(conventions.SEVERITY, "=", setting.severity("ticket"))
        below = (ticket,) if job.level == "ticket" else ()
        for label, names in by_job.get(job.name, {}).items():
            yield Inhibition(
                source=source,
                target=(setting.mark, one_of(label, names), *below),
                equal=(conventions.SERVICE,),
                about=f"targets that are down over the {PLURALS[label]} they feed",
            )
