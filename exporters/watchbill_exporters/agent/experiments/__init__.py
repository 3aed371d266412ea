"""Experiments: tasks, cost and guardrails of each variant, in buckets of what was randomised."""
