"""`recovery:` a source of data, how much of it may be lost, and how soon it must be back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from watchbill import conventions
from watchbill.conventions import recovery as names
from watchbill.diagnostics import Code, Problem, Severity
from watchbill.durations import DAY, HOUR, MINUTE, format_duration
from watchbill.fields import BAD_LABEL, BAD_QUANTITY, Duration, Section, SelectorField, Share, invalid
from watchbill.kinds.item import Item
from watchbill.kinds.recovery.lower import lowered
from watchbill.kinds.slis.base import GroupBy, GroupLabel, Input
from watchbill.promql import Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit

TOO_RARE = Code(
    "WB360",
    "Backups too rare for the RPO",
    "Just before the next backup ends, the newest one is as old as the time between two of them and more: the recovery "
    "point objective is broken each time, and the page fires each time.",
    "Back up more often, or promise less: `rpo` must exceed `backup_every` by what a backup takes.",
)
UNNAMED = Code(
    "WB361",
    "Copies that are not named",
    "A repository that vanishes from all metrics is missed for a day only: nobody knows that it should be there.",
    "List the copies there should be: `repositories: [local, off-site]`.",
    Severity.INFO,
)
AFTER_PAGE = Code(
    "WB362",
    "Ticket that comes after the page",
    "When the recovery point objective is broken there is a page; a ticket that waits for as long comes too late.",
    "Give a time that is well below `rpo`, or leave it out: the default is a quarter of it.",
    Severity.WARNING,
)
CODES = (TOO_RARE, UNNAMED, AFTER_PAGE)

DEFAULTS = {
    "recovery_point": "backup_recovery_point_timestamp_seconds",
    "last_success": "backup_last_success_timestamp_seconds",
    "last_attempt": "backup_last_attempt_success",
    "size": "backup_last_size_bytes",
    "locked": "backup_repository_locked",
    "check": "backup_check_last_success_timestamp_seconds",
    "refresh": "backup_refresh_last_success_timestamp_seconds",
    "restore_success": "restore_test_last_success_timestamp_seconds",
    "restore_run": "restore_test_last_run_success",
    "restore_duration": "restore_test_duration_seconds",
    "restore_point": "restore_test_recovery_point_timestamp_seconds",
    "restore_mismatches": "restore_test_mismatches",
}
OF_REPOSITORY = ("locked", "check")
"""Metrics of a repository as a whole, whatever sources it keeps."""
OF_TARGET = "refresh"
"""What the exporter says of an entry of its config, which is a repository."""


def _off(value: object) -> object:
    """YAML reads a bare `off` as false."""
    return None if value is False or value == "off" else value


def _or_off(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": pattern}, {"const": "off"}]})


Every = Annotated[Duration | None, BeforeValidator(_off), _or_off(r"^(\d+(\.\d+)?(ms|y|w|d|h|m|s))+$")]
ShareOrOff = Annotated[Share | None, BeforeValidator(_off), _or_off(r"^\d+(\.\d+)?%$")]


class Metrics(Section):
    """Selectors to read instead of the backup exporter's metrics; each is used as it is written."""

    recovery_point: SelectorField | None = Field(default=None, description="Time of the newest data to be restored.")
    last_success: SelectorField | None = Field(default=None, description="When a backup last ended well.")
    last_attempt: SelectorField | None = Field(default=None, description="Whether the last attempt did: 1 or 0.")
    size: SelectorField | None = Field(default=None, description="Bytes of the last backup.")
    locked: SelectorField | None = Field(default=None, description="Whether the repository is locked: 1 or 0.")
    check: SelectorField | None = Field(default=None, description="When a check of the repository last ended well.")
    refresh: SelectorField | None = Field(default=None, description="When the exporter last looked, with success.")
    restore_success: SelectorField | None = Field(default=None, description="When a restore test last ended well.")
    restore_run: SelectorField | None = Field(default=None, description="Whether the last one did: 1 or 0.")
    restore_duration: SelectorField | None = Field(default=None, description="Seconds that it took.")
    restore_point: SelectorField | None = Field(default=None, description="Time of the newest data it restored.")
    restore_mismatches: SelectorField | None = Field(default=None, description="What it restored wrongly.")


class Recovery(Item):
    """One source of data and the promise that it comes back. Every copy has to keep it."""

    label: ClassVar[str] = conventions.RECOVERY

    source: str = Field(min_length=1, max_length=200, description="What is backed up: the label `source`.")
    job: str | None = Field(
        default=None, min_length=1, max_length=200, description="Scrape job of the exporter that tells of backups."
    )
    repositories: tuple[str, ...] = Field(default=(), description="The copies there must be; default: all that show.")
    by: GroupBy = Field(default=(), description="Labels beside `repository` that copies are told apart by.")
    rpo: Duration = Field(description="Recovery point objective: data of at most this time may be lost. Pages.")
    rto: Duration | None = Field(default=None, description="Recovery time objective: a restore takes this at most.")
    backup_every: Duration | None = Field(
        default=None, description="Cadence of backups: a ticket when one was skipped, before the page."
    )
    failing_for: Duration | None = Field(
        default=None, description="Ticket when the last attempt failed for so long; default a quarter of the RPO."
    )
    shrink: ShareOrOff = Field(
        default=0.5,
        description="Ticket when a backup is below this share of the median size of 14d; default 50%, or off.",
    )
    locked_for: Duration | None = Field(
        default=None, description="Ticket when a repository is locked for so long; default 2h, at most the RPO."
    )
    check_every: Every = Field(default=30 * DAY, description="Cadence of repository checks; default 30d, or off.")
    restore_test_every: Every = Field(default=30 * DAY, description="Cadence of restore tests; default 30d, or off.")
    seen_within: Duration | None = Field(
        default=None, description="How old news may be; default half the RPO, at least 30m and at most 6h."
    )
    on_no_data: Literal["page", "ticket", "ignore"] = Field(default="ticket", description="What a lack of news does.")
    metrics: Metrics = Metrics()

    @field_validator("repositories")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(value) or len(set(value)) < len(value):
            raise invalid(BAD_LABEL, "repositories are named once each")
        return value

    @field_validator("by")
    @classmethod
    def _beside(cls, value: tuple[GroupLabel, ...]) -> tuple[GroupLabel, ...]:
        for one in value:
            if one.name in {names.REPOSITORY, names.SOURCE, names.TARGET}:
                hint = "List repositories under `repositories:`; name the source under `source:`."
                raise invalid(BAD_LABEL, f"'{one.name}' names repositories and sources already", hint)
        return value

    @field_validator("rpo", "rto", "backup_every", "failing_for", "locked_for", "seen_within")
    @classmethod
    def _in_reach(cls, value: int | None) -> int | None:
        if value is not None and not MINUTE <= value <= 366 * DAY:
            raise invalid(BAD_QUANTITY, f"{format_duration(value)} is not between 1m and 366d")
        return value

    @field_validator("locked_for", "seen_within", "failing_for")
    @classmethod
    def _looked_at(cls, value: int | None, about: ValidationInfo) -> int | None:
        most = 6 * HOUR if about.field_name == "seen_within" else 12 * HOUR
        if value is not None and value > most:
            message = f"{format_duration(value)} is more than {format_duration(most)}: news are kept for a day"
            raise invalid(BAD_QUANTITY, message)
        return value

    @property
    def groups(self) -> tuple[GroupLabel, ...]:
        """The labels copies are told apart by, with their allow-lists."""
        return (GroupLabel(names.REPOSITORY, self.repositories), *self.by)

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of these labels."""
        return tuple(one.name for one in self.groups)

    def selector(self, role: str) -> Selector:
        """Return what is read: the spec's own, or the exporter's for this source and these copies."""
        own: Selector | None = getattr(self.metrics, role)
        if own is not None:
            return own
        job = () if self.job is None else (Matcher("job", Op.EQ, self.job),)
        if role == OF_TARGET:
            return Selector(DEFAULTS[role], job)
        source = () if role in OF_REPOSITORY else (Matcher(names.SOURCE, Op.EQ, self.source),)
        allowed = (one.matcher() for one in self.groups)
        return Selector(DEFAULTS[role], (*job, *source, *(m for m in allowed if m is not None)))

    def inputs(self) -> tuple[Input, ...]:
        """All metrics that tell of backups and restores."""
        return tuple(Input(role, self.selector(role), "gauge") for role in DEFAULTS)

    @property
    def failing_after(self) -> int:
        """Ms for which the last attempt may have failed: three quarters of the RPO are left to mend it."""
        return self.failing_for or min(max(5 * MINUTE, self.rpo // 4 // MINUTE * MINUTE), 12 * HOUR)

    @property
    def locked_at_most(self) -> int:
        """Ms for which a repository may be locked. A locked one may hide that the RPO is broken."""
        return self.locked_for or min(2 * HOUR, self.rpo)

    @property
    def news_within(self) -> int:
        """Ms after which old news are none."""
        return self.seen_within or min(max(30 * MINUTE, self.rpo // 2), 6 * HOUR)

    @property
    def checked_every(self) -> int:
        """Ms between checks; 0: nobody asks."""
        return self.check_every or 0

    @property
    def restored_every(self) -> int:
        """Ms between restore tests; 0: nobody asks."""
        return self.restore_test_every or 0

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """The cadence can keep the promise, and what warns comes before what wakes."""
        del setting
        if self.backup_every is not None and self.backup_every >= self.rpo:
            every, rpo = format_duration(self.backup_every), format_duration(self.rpo)
            text = f"backups every {every} cannot keep an RPO of {rpo}"
            yield Problem(("backup_every",), TOO_RARE, text)
        if not self.repositories:
            yield Problem(("name",), UNNAMED, f"'{self.name}' names no repositories", on_key=False)
        for key in ("failing_for", "locked_for", "seen_within"):
            value: int | None = getattr(self, key)
            if value is not None and value > self.rpo:
                text = f"{format_duration(value)} is more than the RPO of {format_duration(self.rpo)}"
                yield Problem((key,), AFTER_PAGE, text)

    def unit(self, setting: Setting) -> Unit:
        """Return rules, alerts, their proofs and what is shown."""
        return lowered(self, setting)


__all__ = ["CODES", "DEFAULTS", "Metrics", "Recovery"]
