"""Objectives: what every SLI's tiles become - windows, budgets, alerts, companions, and their scenarios."""
