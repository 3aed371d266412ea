"""Drills of a stack that can break itself: faults are switched on, alerts awaited at their receivers, faults healed."""
