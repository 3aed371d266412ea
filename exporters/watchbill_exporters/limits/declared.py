"""limits.yaml as the generator writes it, read and checked: a file that cannot be used is refused as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from watchbill_exporters.core.config import load
from watchbill_exporters.core.fields import Duration, Section, fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Value = StrictBool | StrictInt | StrictFloat | StrictStr
Rule = Literal["smallest", "largest", "any", "last"]
Word = Annotated[str, Field(min_length=1, max_length=256)]
SCHEMA = 1
MOST = 10_000


class LimitSection(Section):
    """One limit of the file."""

    id: Word
    alert: Word
    of: dict[Word, Word]
    when: Word
    by: tuple[Word, ...]
    actions: dict[Word, Value] = Field(min_length=1)


class FileSection(Section):
    """The whole file."""

    schema_: Literal[1] = Field(alias="schema")
    service: Word
    lease: Duration
    merge: dict[Word, Rule]
    limits: tuple[LimitSection, ...] = Field(min_length=1, max_length=MOST)


@dataclass(frozen=True)
class Declared:
    """One limit: what switches it, for whom, and what a harness then does."""

    id: str
    alert: str
    of: tuple[str, str]
    when: str
    by: tuple[str, ...]
    actions: tuple[tuple[str, bool | int | float | str], ...]


@dataclass(frozen=True)
class Declaration:
    """Everything the file says. `lease` in seconds."""

    service: str
    lease: float
    merge: tuple[tuple[str, str], ...]
    limits: tuple[Declared, ...]

    @property
    def by_id(self) -> Mapping[str, Declared]:
        """Limits by id."""
        return {limit.id: limit for limit in self.limits}

    @property
    def rules(self) -> Mapping[str, str]:
        """Which value holds, by action."""
        return dict(self.merge)


def read(file: Path) -> Declaration:
    """Return what the file declares. Raises ConfigError with places, or a fault where ids or actions do not fit."""
    section = load.validate(load.load(file), FileSection)
    twice = [name for name, count in Counter(one.id for one in section.limits).items() if count > 1]
    if twice:
        raise fault(f"the limit '{twice[0][:60]}' is there twice", "Generate the file anew.")
    for one in section.limits:
        missing = [name for name in one.actions if name not in section.merge]
        if missing or len(one.of) != 1:
            what = f"the action '{missing[0][:60]}' is not under 'merge'" if missing else "'of' names one thing"
            raise fault(f"limit '{one.id[:60]}': {what}", "Generate the file anew.")
    return Declaration(
        section.service,
        section.lease,
        tuple(section.merge.items()),
        tuple(
            Declared(one.id, one.alert, next(iter(one.of.items())), one.when, one.by, tuple(one.actions.items()))
            for one in section.limits
        ),
    )
