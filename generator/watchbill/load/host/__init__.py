"""Somebody else's alertmanager.yml: what it says, and where something can be put without touching another byte."""

from watchbill.load.host.document import Host, HostError, at_line, parse, read
from watchbill.load.host.places import Place, place
from watchbill.load.host.routes import tree

__all__ = ["Host", "HostError", "Place", "at_line", "parse", "place", "read", "tree"]
