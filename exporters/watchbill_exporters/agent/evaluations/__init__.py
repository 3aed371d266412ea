"""Evaluations: verdicts, scores, freshness, sampling, and how far judges agree with people."""
