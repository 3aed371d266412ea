"""Draws generated dashboards as Grafana would, against a real Prometheus: `python -m tests.preview --help`."""
