"""Releases: what is deployed, checked against the files themselves, and what deploys did to runs under way."""
