"""What the platform's parts are called. The demo's history uses the same label values (`lab/demo_history`)."""

from __future__ import annotations

AGENTS = {"support": 0.8, "billing": 0.4, "research": 0.2}
"""Agents and their runs per second."""
SUBAGENTS = {"support": "order-lookup", "billing": "invoice-reader", "research": "web-reader"}
TOOLS = ("search_orders", "refund", "send_email")
QUEUES = {"runs": 0.5, "evals": 0.2}
"""Queues and their jobs per second."""
THREADS = 2
"""Of each queue's worker."""
SUITES = ("golden-support", "regression")
MODELS = {("openai", "gpt-4o-mini"): 0.7, ("openai", "gpt-4o"): 0.2, ("anthropic", "claude-3-5-haiku-latest"): 0.1}
GRAPH, OLD_GRAPH = "g42", "g41"
