"""What every kind outside `slos:` offers: fields that people route and read by, its inputs, and its Unit."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from watchbill import conventions
from watchbill.fields import Name, Section
from watchbill.kinds.feeds import Fed, sources
from watchbill.promql import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.diagnostics import PathKey, Problem
    from watchbill.kinds.setting import Setting
    from watchbill.kinds.slis.base import GroupLabel, Input
    from watchbill.model import Unit


class Item(Section):
    """Base of what the sections beside `slos:` list. A kind is this class with fields of its own and the methods below.

    `label` names the item on its series and alerts; it is one of `conventions.ITEMS`.
    """

    label: ClassVar[str]

    name: Name = Field(description="Names the rule file, the alerts and the label of the section.")
    title: str = Field(default="", max_length=120, description="What it is about, in a short sentence.")
    route: Name | None = Field(default=None, description="Key of the receiver that gets its alerts.")
    runbook: Name | None = Field(
        default=None, description="Topic of the runbook text; default: found by the metrics that are read."
    )

    @property
    def shown(self) -> str:
        """The title, or one made of the name."""
        return self.title or self.name.replace("-", " ").capitalize()

    @property
    def kept(self) -> tuple[GroupLabel, ...]:
        """Labels the item is kept per value of, with their allow-lists."""
        return ()

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of these labels."""
        return tuple(one.name for one in self.kept)

    @abstractmethod
    def inputs(self) -> tuple[Input, ...]:
        """Return the metrics the kind reads: for lint, and to know which jobs feed it."""

    @abstractmethod
    def unit(self, setting: Setting) -> Unit:
        """Return what it comes to."""

    def place(self, role: str) -> tuple[PathKey, ...]:
        """Return where in the item the spec says what an input is."""
        return (role,)

    def targets(self) -> tuple[str, ...]:
        """Return selectors of the liveness, 1 or 0, of what exposes the inputs, as far as it can be told."""
        jobs = (one.selector.on(("job", "instance")) for one in self.inputs())
        return tuple(dict.fromkeys(str(Selector("up", matchers)) for matchers in jobs if matchers))

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """Yield what the maths can tell is wrong with it; paths are relative to the item."""
        del setting
        yield from ()

    def fed(self, setting: Setting) -> Fed:
        """Return which jobs feed it, and whether it wakes anybody."""
        page = setting.severity("page")
        pages = any(dict(alert.labels).get(conventions.SEVERITY) == page for alert in self.unit(setting).alerts())
        return Fed(self.label, self.name, sources(i.selector for i in self.inputs()), pages)
