"""Watchbill: one YAML spec in, Prometheus rules, tests and more out, each alert proven by a test that ran."""

__version__ = "0.1.0"
