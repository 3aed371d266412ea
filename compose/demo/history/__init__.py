"""The thirty days before the demo began: budgets are partly spent, windows are full, no alert is due."""

from compose.demo.history.write import write_history

__all__ = ["write_history"]
