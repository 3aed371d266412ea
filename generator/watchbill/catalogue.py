"""Every diagnostic code, for `watchbill explain` and the reference page."""

from __future__ import annotations

from watchbill import fields
from watchbill.diagnostics import Code
from watchbill.kinds import slis
from watchbill.lint import CODES as LINT
from watchbill.load.codes import CODES as LOAD
from watchbill.spec.slo import CODES as SLO

CODES: tuple[Code, ...] = tuple(sorted((*LOAD, *fields.CODES, *slis.CODES, *SLO, *LINT), key=lambda c: c.slug))
