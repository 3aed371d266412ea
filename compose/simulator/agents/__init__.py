"""Agents at work: runs, subagents, model calls through the gateway, tool calls, guardrails; spans over OTLP."""

from compose.simulator.agents.theme import Agents

__all__ = ["Agents"]
