"""Ports that servers of two workers, and two servers of one, may ask for at once."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lab import ports
from lab.ports import BLOCK, PORTS, free_port, free_ports
from lab.toolchain import ROOT


def test_ports_are_free_and_none_is_given_again_before_all_were() -> None:
    given = [free_port() for _ in range(BLOCK // 2)]
    assert len(set(given)) == len(given)
    for port in given:
        with socket.socket() as server:
            server.bind(("127.0.0.1", port))


def test_a_port_in_use_is_left_out() -> None:
    with socket.socket() as server:
        taken = free_port()
        server.bind(("127.0.0.1", taken))
        assert taken not in {free_port() for _ in range(BLOCK)}


def test_ports_in_a_row_are_in_a_row_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = {free_port() // BLOCK for _ in range(BLOCK)}
    for _ in range(20):
        first = free_ports(17)
        assert {first // BLOCK, (first + 16) // BLOCK} == mine
    monkeypatch.setattr(ports, "_is_free", lambda port: port % 16 != 0)
    with pytest.raises(RuntimeError, match="17 free ports in a row"):
        free_ports(17)


def test_no_other_process_is_given_the_same() -> None:
    mine = {free_port() // BLOCK for _ in range(BLOCK)}
    ask = [sys.executable, "-c", "from lab.ports import *; print(free_port() // BLOCK); input()"]
    others = [
        subprocess.Popen(ask, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) for _ in range(4)
    ]
    for other in others:
        assert other.stdout is not None
        mine.add(int(other.stdout.readline()))
    for other in others:
        other.communicate("\n", timeout=30)
    assert len(mine) == 1 + len(others)


def test_ports_that_the_kernel_gives_to_connections_are_left_alone() -> None:
    text = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii")
    assert PORTS.stop <= int(text.split()[0])
