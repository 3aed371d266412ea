"""Our routes in somebody else's Alertmanager configuration: put in, taken out, and proven to touch nothing else."""

from watchbill.merging.merge import Merged, merged, removed, template_text

__all__ = ["Merged", "merged", "removed", "template_text"]
