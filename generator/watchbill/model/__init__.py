"""What kinds lower themselves to and targets render: rules, scenarios, panels, pages, routes, and their Plan."""

from watchbill.model.limits import Action, Limit
from watchbill.model.pages import Check, Content, Fact, Note, Page, Use
from watchbill.model.panels import (
    Board,
    Column,
    Form,
    Meaning,
    Measure,
    Panel,
    Query,
    Row,
    State,
    Threshold,
    Variable,
)
from watchbill.model.plan import Display, Links, Plan, Targets, Unit
from watchbill.model.routing import Inhibition, Integration, LabelMatcher, Mute, Override, Receiver, Routing
from watchbill.model.rules import Alert, Labels, RecordingRule, RuleFile, RuleGroup
from watchbill.model.scenarios import Fires, Records, Scenario, Series

__all__ = [
    "Action", "Alert", "Board", "Check", "Column", "Content", "Display", "Fact", "Fires", "Form", "Inhibition",
    "Integration", "LabelMatcher", "Labels", "Limit", "Links", "Meaning", "Measure", "Mute", "Note", "Override", "Page",
    "Panel", "Plan", "Query", "Receiver", "RecordingRule", "Records", "Routing", "Row", "RuleFile", "RuleGroup",
    "Scenario", "Series", "State", "Targets", "Threshold", "Unit", "Use", "Variable",
]  # fmt: skip
