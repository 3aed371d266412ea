"""A Prometheus that has watched everything in a spec for hours: traffic, old incidents, one going on, a deploy, alerts.

Raw input series are made up; whatever is recorded is computed by that Prometheus from the generated rules' own
expressions, level by level, and alerts by the expressions of the alerts. For tests that run queries of dashboards and
runbooks, and for people: `python -m lab.demo_history --port 9090`.
"""

from lab.demo_history.server import Demo, demo

__all__ = ["Demo", "demo"]
