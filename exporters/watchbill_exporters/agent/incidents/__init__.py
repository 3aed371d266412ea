"""Incidents: reports with or without a trace, a ledger in which both find each other, the loop of improvement."""
