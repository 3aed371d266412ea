"""Prometheus exporters for what an LLM-agent platform does not export by itself."""
