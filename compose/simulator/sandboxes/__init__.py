"""Sandboxes in which agents run code: processes without privileges, and the lifecycle log of their manager."""

from compose.simulator.sandboxes.theme import Sandboxes

__all__ = ["Sandboxes"]
