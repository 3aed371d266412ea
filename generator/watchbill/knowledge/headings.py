"""The fixed headings of every runbook page, in the order read at 3 am: mitigation comes before causes."""

from __future__ import annotations

import re

HEADINGS = (
    "What hurts",
    "First look",
    "Mitigate",
    "Diagnose",
    "Causes",
    "Noise or real?",
    "Verify recovery",
    "Escalate",
)


def slug(heading: str) -> str:
    """Return a heading's anchor: `Noise or real?` -> `noise-or-real`."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def plain(heading: str) -> str:
    """Return the fixed heading that is meant whatever its case and punctuation; the text itself where none is."""
    return {slug(h): h for h in HEADINGS}.get(slug(heading), heading)
