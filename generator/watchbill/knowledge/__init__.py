"""Runbook text: hand-written topics that ship with the package, and the user's own on top of them."""

from watchbill.knowledge.headings import HEADINGS
from watchbill.knowledge.library import Library, library
from watchbill.knowledge.placeholders import PLACEHOLDERS, pieces
from watchbill.knowledge.topic import Section, Topic
from watchbill.knowledge.values import values

__all__ = ["HEADINGS", "PLACEHOLDERS", "Library", "Section", "Topic", "library", "pieces", "values"]
