"""Stores whose size and newest write are shown: LangGraph checkpoints."""
