"""Synthetic histories whose truth is known, seeded, written as OpenMetrics."""
