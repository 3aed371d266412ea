"""Drills on this machine: every batch of scenes has a Prometheus, an Alertmanager and a webhook of its own."""
