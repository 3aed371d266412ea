"""The spec: what a watchbill.yaml may say. JSON Schema comes from here."""

from watchbill.spec.document import Document

__all__ = ["Document"]
