"""Budgets: what counters may add up to. One kind, so that one word in the spec is enough."""

from watchbill.kinds.budgets import amounts, checks, limits, section
from watchbill.kinds.budgets.section import Budget

CODES = (*amounts.CODES, *checks.CODES, *section.CODES, *limits.CODES)

__all__ = ["CODES", "Budget"]
