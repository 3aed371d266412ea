"""Every diagnostic code, for `watchbill explain` and the reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import fields
from watchbill.kinds import budgets, capacity, recovery, slis
from watchbill.lint import CODES as LINT
from watchbill.lint.dashboards import CODES as DASHBOARDS
from watchbill.load.codes import CODES as LOAD
from watchbill.load.notes import CODES as NOTES
from watchbill.spec import hours, receivers
from watchbill.spec.slo import CODES as SLO

if TYPE_CHECKING:
    from watchbill.diagnostics import Code

KINDS = (*slis.CODES, *budgets.CODES, *capacity.CODES, *recovery.CODES)
CODES: tuple[Code, ...] = tuple(
    sorted(
        (*LOAD, *NOTES, *fields.CODES, *KINDS, *SLO, *receivers.CODES, *hours.CODES, *LINT, *DASHBOARDS),
        key=lambda c: c.slug,
    )
)
