"""Alertmanager's routing, evaluated: which receivers get a label set, and which alerts keep it quiet."""

from watchbill.routetree.matchers import BadMatcher, Matcher, parse_matchers
from watchbill.routetree.quiet import Quiet, quieted_by
from watchbill.routetree.tree import Node, receivers

__all__ = ["BadMatcher", "Matcher", "Node", "Quiet", "parse_matchers", "quieted_by", "receivers"]
