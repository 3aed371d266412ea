"""All children of the demo. Whatever starts one is done by the main thread, on behalf of whoever asked."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compose.demo.children import Child


class Family:
    """Children by name, in the order in which they start."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}
        self._asked: queue.SimpleQueue[tuple[Callable[[], None], Future[None]]] = queue.SimpleQueue()
        self._main = threading.get_ident()

    def __iter__(self) -> Iterator[Child]:
        return iter(self._children.values())

    def __contains__(self, name: str) -> bool:
        return name in self._children

    def __getitem__(self, name: str) -> Child:
        return self._children[name]

    def add(self, *children: Child) -> None:
        """Start them together and wait until all are ready. Raises StartError."""
        for child in children:
            self._children[child.name] = child
            child.spawn()
        for child in children:
            child.wait_ready()

    def start(self, name: str) -> None:
        """Start it again when it does not run. Raises StartError."""
        child = self._children[name]

        def spawn() -> None:
            if not child.running:
                child.spawn()

        self._on_main(spawn)
        child.wait_ready()

    def kill(self, name: str) -> None:
        self._children[name].kill()

    def freeze(self, name: str) -> None:
        self._children[name].freeze()

    def thaw(self, name: str) -> None:
        self._children[name].thaw()

    def serve(self, seconds: float) -> None:
        """Do what others ask for, for so long. Only the main thread calls this."""
        try:
            act, done = self._asked.get(timeout=seconds)
        except queue.Empty:
            return
        try:
            act()
        except OSError as error:
            done.set_exception(error)
        else:
            done.set_result(None)

    def died(self) -> list[Child]:
        """Return those that ended though nobody asked them to; each is returned once."""
        found = [child for child in self if child.wanted and not child.running]
        for child in found:
            child.wanted = False
        return found

    def end(self) -> None:
        """End all, the last one started first to be asked; none is left."""
        for child in reversed(list(self)):
            child.end()
        for child in reversed(list(self)):
            child.wait_ended()

    def _on_main(self, act: Callable[[], None]) -> None:
        if threading.get_ident() == self._main:
            act()
            return
        done: Future[None] = Future()
        self._asked.put((act, done))
        done.result(30)
