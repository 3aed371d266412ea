"""Jobs for RQ's workers."""

import time


def nap(seconds: float = 0.0) -> None:
    time.sleep(seconds)


def fail() -> None:
    raise RuntimeError("as asked")
