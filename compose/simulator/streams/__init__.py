"""Streams to users: a server of server-sent events, its edge log, and clients that come back well and badly."""

from compose.simulator.streams.theme import Streams

__all__ = ["Streams"]
