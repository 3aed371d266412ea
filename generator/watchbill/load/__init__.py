"""YAML -> Document with line marks; the only reader of specs."""

from watchbill.load.loader import Loaded, load, load_texts

__all__ = ["Loaded", "load", "load_texts"]
