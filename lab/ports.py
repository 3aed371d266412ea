"""Ports on the loopback for servers that are yet to start."""

import itertools
import socket
from collections.abc import Iterator
from functools import cache
from secrets import SystemRandom
from threading import Lock

PORTS = range(16_384, 32_768)
"""Below those that Linux gives to connections and to whoever asks for any: they would take a free one meanwhile."""
BLOCK = 128

_asking = Lock()


def free_port() -> int:
    """Return a port that nobody listens on. Nobody else who asks here is given it soon, in no other process."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """Return the first of `count` free ports in a row, at most a block. Raises RuntimeError when there are none."""
    with _asking:
        row = 0
        for port in itertools.islice(_ours(), 2 * BLOCK):
            row = row + 1 if _is_free(port) else 0
            if row == count:
                return port - count + 1
            if port % BLOCK == BLOCK - 1:
                row = 0  # the next one is the first of the block again
    raise RuntimeError(f"could not find {count} free ports in a row")


@cache
def _ours() -> Iterator[int]:
    """Return, round and round, a block of ports that is this process's for as long as it lives."""
    firsts = list(PORTS)[::BLOCK]
    SystemRandom().shuffle(firsts)
    for first in firsts:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0watchbill-ports-{first}")  # a name without a file: it goes with the process
        except OSError:
            claim.close()
        else:
            return _held(claim, range(first, first + BLOCK))
    raise RuntimeError("every block of ports is taken")


def _held(claim: socket.socket, ports: range) -> Iterator[int]:
    with claim:
        yield from itertools.cycle(ports)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
