"""Rules and alerts, in groups and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.model.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

Labels = tuple[tuple[str, str], ...]
NO_PAGE = Page()


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """One recorded series family. `about` says in a few words what it holds."""

    record: str
    expr: str
    labels: Labels = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule. `pending` and `keep_firing` in ms. `family` names the kind of trouble, for knowledge pages.

    `board` is the key of the dashboard that shows it, `page` what its runbook page is made of.
    """

    name: str
    expr: str
    labels: Labels
    annotations: Labels
    pending: int = 0
    keep_firing: int = 0
    family: str = ""
    board: str = ""
    page: Page = NO_PAGE


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules of one derivation level, evaluated every `interval` ms."""

    name: str
    interval: int
    rules: tuple[RecordingRule | Alert, ...]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file of the bundle; `path` is relative to the rules folder.

    `reads_inputs`: the file turns input metrics into tiles. Scenarios that start at recorded series leave it out.
    """

    path: str
    groups: tuple[RuleGroup, ...]
    reads_inputs: bool = False

    def alerts(self) -> Iterator[Alert]:
        """Yield the alerts of the file in order."""
        for group in self.groups:
            for rule in group.rules:
                if isinstance(rule, Alert):
                    yield rule

    def records(self) -> Iterator[RecordingRule]:
        """Yield the recording rules of the file in order."""
        for group in self.groups:
            for rule in group.rules:
                if isinstance(rule, RecordingRule):
                    yield rule
