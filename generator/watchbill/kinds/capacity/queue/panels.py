"""Panels of a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.model import Display

if TYPE_CHECKING:
    from watchbill.kinds.capacity.queue.rules import QueueBench


def display(bench: QueueBench) -> Display:
    del bench
    return Display()
