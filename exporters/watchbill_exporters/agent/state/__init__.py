"""Counters and positions that survive a restart, together in one file."""
