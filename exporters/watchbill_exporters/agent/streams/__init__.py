"""Streams to users: when their events came, how they ended, and how clients came back."""
