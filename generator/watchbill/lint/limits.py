"""Limits that no harness would hear of, and receivers of limits that cannot tell one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import limits as agreed
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.spec.receivers import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.context import Context

NOBODY_ACTS = Code(
    "WB380",
    "Nobody acts on limits",
    "Limits are alerts that a harness acts upon. Without a receiver of their own they go where other alerts go, and "
    "harnesses never hear of them.",
    "Add `limits: {webhook: {url: http://HOST:9640/alerts}}` under `routing: receivers:`, where "
    "`watchbill-exporter limits` listens.",
    Severity.WARNING,
)
NO_LIMITS = Code(
    "WB381",
    "Receiver of limits without limits",
    "Nothing in the spec has limits: nothing is ever sent to this receiver.",
    "Give a budget `limits:`, or drop the receiver.",
    Severity.WARNING,
)
NOT_A_WEBHOOK = Code(
    "WB382",
    "Limits told to people",
    "The receiver `limits` is told of every limit, every two minutes while it holds: a program can bear that.",
    "Give it a `webhook:` and nothing else; people hear of what a limit is about by its page or ticket.",
)
CODES = (NOBODY_ACTS, NO_LIMITS, NOT_A_WEBHOOK)

AT = ("routing", "receivers")


def limits(context: Context) -> Iterator[Problem]:
    """Who has limits has somebody to tell, and that is a program."""
    known = context.document.routing.receivers
    listed = tuple(_limited(context))
    receiver = known.get(agreed.RECEIVER)
    if receiver is None:
        for path in listed:
            yield Problem((*path, "limits"), NOBODY_ACTS, "there is no receiver 'limits'", on_key=True)
        return
    at = (*AT, agreed.RECEIVER)
    if not listed:
        yield Problem(at, NO_LIMITS, "nothing in the spec has limits", on_key=True)
    if isinstance(receiver, Receiver):
        for kind in dict.fromkeys(kind for kind, _ in receiver.integrations() if kind != "webhook"):
            yield Problem((*at, kind), NOT_A_WEBHOOK, f"'{kind}' reaches people", on_key=True)


def _limited(context: Context) -> Iterator[tuple[str | int, ...]]:
    for path, item in context.document.items:
        if item.unit(context.setting).limits:
            yield path


CHECKS = (limits,)
