"""Receivers that are missing, clash, swallow others or are too new for the Alertmanager that has to tell people."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from watchbill import conventions, gates
from watchbill.conventions import limits as agreed
from watchbill.diagnostics import Code, Problem, Severity, did_you_mean
from watchbill.kinds.objectives.feeding import pages
from watchbill.plan import severities as words_of
from watchbill.spec.integrations import needs_version
from watchbill.spec.receivers import defined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.lint.context import Context

UNKNOWN_RECEIVER = Code(
    "WB270",
    "Unknown receiver",
    "A route names the key of a receiver under `routing: receivers:`; another word leads nowhere.",
    "Name one of the keys, or add the receiver.",
)
NO_PAGER = Code(
    "WB271",
    "Nobody gets pages",
    "There are receivers and alerts that page, but no receiver `page`: they would fall to the host's default.",
    "Add `page:` under `routing: receivers:`.",
)
NO_TICKETS = Code(
    "WB272",
    "Nobody gets tickets",
    "Without a receiver `ticket` tickets fall to the default receiver of the host's Alertmanager.",
    "Add `ticket:` under `routing: receivers:`.",
    Severity.WARNING,
)
TOO_NEW = Code(
    "WB273",
    "Needs a newer Alertmanager",
    "An Alertmanager refuses its whole configuration over one setting it does not know.",
    "Raise `targets: alertmanager:`, or use a way to reach people that works there.",
)
CLASH = Code(
    "WB274",
    "Receivers clash",
    "Two receivers of one name are one to Alertmanager, which refuses to load them.",
    "Rename one of them.",
)
SWALLOWED = Code(
    "WB275",
    "Route swallows others",
    "The first route that matches takes an alert; routes below it for the same alerts never see any.",
    "Give severities words of their own, and keep the dead man's switch to itself.",
)
UNWATCHED = Code(
    "WB276",
    "Nobody watches the watchers",
    "When Prometheus or Alertmanager dies, no alert arrives, and no alert says so.",
    "Add a receiver `watchdog` that complains when it hears nothing: a service for dead man's switches.",
    Severity.INFO,
)
REFERENCE = Code(
    "WB277",
    "Complete file delivers nowhere",
    "A reference names a receiver of the host's: the fragment and `watchbill routes merge` use it, but the complete "
    "alertmanager.yml has only its name.",
    "Merge into the host's file with `watchbill routes merge`, or define the receiver here.",
    Severity.WARNING,
)
UNUSED = Code(
    "WB278",
    "Receiver that nothing is sent to",
    "Receivers other than page, ticket, info, watchdog and limits get what an objective's `route:` sends them.",
    "Name it in the `route:` of an objective, or drop it.",
    Severity.WARNING,
)
CODES = (
    UNKNOWN_RECEIVER, NO_PAGER, NO_TICKETS, TOO_NEW, CLASH, SWALLOWED, UNWATCHED, REFERENCE, UNUSED,
)  # fmt: skip

AT = ("routing", "receivers")
OWN = ("page", "ticket", "info", "watchdog", agreed.RECEIVER)


def routes(context: Context) -> Iterator[Problem]:
    """Routes lead to receivers that are there, and not into the dead man's switch."""
    known = context.document.routing.receivers
    for item in context.named:
        key = item.route
        if key is None:
            continue
        if key not in known:
            hint = did_you_mean(key, known) or "the spec has no receivers; add them under routing: receivers:"
            yield Problem(item.at("route"), UNKNOWN_RECEIVER, f"there is no receiver '{key}'", hint)
        elif key == "watchdog":
            text = "what goes to the dead man's switch is told to nobody"
            yield Problem(item.at("route"), SWALLOWED, text, "route it to a receiver that people read")


def everybody(context: Context) -> Iterator[Problem]:
    """Whoever is needed is there; whoever is there is needed."""
    document = context.document
    known = document.routing.receivers
    if not known or not context.named:
        return
    rest = (pages(item.facts) for item in context.items if item.slo.route is None)
    others = (item.fed(context.setting).pages for _, item in context.document.items if item.route is None)
    if "page" not in known and (any(rest) or any(others)):
        yield Problem(AT, NO_PAGER, "no receiver gets pages", _near("page", known), on_key=True)
    if "ticket" not in known:
        yield Problem(AT, NO_TICKETS, "no receiver gets tickets", _near("ticket", known), on_key=True)
    if "watchdog" not in known:
        yield Problem(AT, UNWATCHED, "nothing tells when alerts stop arriving", on_key=True)
    routed = {item.route for item in context.named}
    for key in known:
        if key not in OWN and key not in routed:
            yield Problem((*AT, key), UNUSED, f"nothing is sent to '{key}'", _near(key, OWN), on_key=True)


def _near(key: str, known: Iterable[str]) -> str:
    """Return a hint only if there is a name that may have been meant."""
    hint = did_you_mean(key, known)
    return hint if hint.startswith("did") else ""


def versions(context: Context) -> Iterator[Problem]:
    """Integrations and their settings keep to the target version."""
    target = context.document.targets.alertmanager
    for key, value in defined(context.document.routing.receivers).items():
        for kind, one in value.integrations():
            path = (*AT, key, kind)
            if needs_version(kind) > target:
                yield _too_new(path, f"'{kind}'", needs_version(kind), target)
                continue
            position = [o for k, o in value.integrations() if k == kind].index(one)
            for name in one.given():
                if needs_version(kind, name) > target:
                    at = (*path, position, name)
                    yield _too_new(at, f"'{name}' of {kind}", needs_version(kind, name), target)


def _too_new(path: tuple[str | int, ...], what: str, need: tuple[int, int], have: tuple[int, int]) -> Problem:
    text = f"{what} needs Alertmanager {gates.shown(need)}; the target is {gates.shown(have)}"
    return Problem(path, TOO_NEW, text, on_key=True)


def clashes(context: Context) -> Iterator[Problem]:
    """No reference has the name of a receiver defined here."""
    document = context.document
    names = {conventions.receiver(document.service, key): key for key in defined(document.routing.receivers)}
    for key, value in document.routing.receivers.items():
        if isinstance(value, str) and value in names:
            text = f"'{value}' is the name that the receiver '{names[value]}' gets in Alertmanager"
            yield Problem((*AT, key), CLASH, text)


def severities(context: Context) -> Iterator[Problem]:
    """Each severity has a word of its own."""
    spoken = dict(words_of(context.document))
    words: dict[str, list[str]] = defaultdict(list)
    for level in ("page", "ticket", "info"):
        words[spoken.get(level, level)].append(level)
    for word, levels in words.items():
        if len(levels) > 1:
            text = f"'{word}' stands for {' and '.join(levels)}: the route of {levels[0]} swallows the other"
            yield Problem(("routing", "severities", levels[-1]), SWALLOWED, text)


def references(context: Context) -> Iterator[Problem]:
    """The complete file cannot deliver to the host's receivers."""
    named = {k: v for k, v in context.document.routing.receivers.items() if isinstance(v, str)}
    if named:
        names = ", ".join(f"'{name}'" for name in dict.fromkeys(named.values()))
        text = f"{names}: the host's; the complete alertmanager.yml has the names only and delivers nothing to them"
        yield Problem((*AT, next(iter(named))), REFERENCE, text)


CHECKS = (routes, everybody, versions, clashes, severities, references)
