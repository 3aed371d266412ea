"""What an objective's alerts bring to their runbook pages: computed numbers and queries ready to run."""

from watchbill.kinds.objectives.pages.burn import burn_page
from watchbill.kinds.objectives.pages.companions import collapse_page, missing_page
from watchbill.kinds.objectives.pages.health import failing_page, missed_page

__all__ = ["burn_page", "collapse_page", "failing_page", "missed_page", "missing_page"]
