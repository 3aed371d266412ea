"""`python -m compose.demo`: the stack on the loopback, until ^C."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from compose.demo.children import StartError
from compose.demo.places import NAMES, Places, PortsTakenError
from compose.demo.progress import Progress
from compose.demo.stack import Stack
from compose.demo.tools import MissingToolsError, find
from watchbill.errors import WatchbillError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


Number = TypeVar("Number", int, float)
PORT_BASE = 9460
LOOK_SECONDS = 0.5
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class EndError(BaseException):
    """Somebody asked the demo to end."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    progress = Progress()
    for number in SIGNALS:
        signal.signal(number, _raise_end)
    folder = Path(tempfile.mkdtemp(prefix="watchbill-demo-"))
    try:
        places = Places(options.port_base, folder)
        places.check()
        _run(Stack(places, find(), progress, days=options.days, pace=options.pace), progress, options.minutes)
    except EndError:
        pass
    except (MissingToolsError, PortsTakenError, StartError, WatchbillError) as error:
        progress.say(f"error: {error}")
        return 1
    finally:
        if options.keep:
            progress.say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _run(stack: Stack, progress: Progress, minutes: float | None) -> None:
    """Start, tell, watch; whatever happens, end what was started."""
    try:
        stack.start()
        took = progress.done()
        progress.say(_told(stack, took))
        deadline = None if minutes is None else time.monotonic() + minutes * 60
        while deadline is None or time.monotonic() < deadline:
            stack.family.serve(LOOK_SECONDS)
            for child in stack.family.died():
                progress.say(f"{child.name} {child.ended()}; its last words:\n{child.last_words()}")
                progress.say(f"  start it again: {_post(stack, 'processes/' + child.name, 'run')}")
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # what follows must not be cut short
        stack.end()


def _told(stack: Stack, took: float) -> str:
    lines = [f"Everything runs, after {took:.0f} s:", ""]
    lines += [f"  {name:13} {url}" for name, url in stack.urls.items()]
    lines += [f"  left out      {reason}" for reason in stack.left_out]
    lines += [
        "",
        "Break something, and watch who is told:",
        f"  {_post(stack, 'faults/runs-fail', 'on')}",
        f"  curl -s '{stack.urls['control']}/received?since=0'",
        f"  curl -s {stack.urls['control']}/faults        all that can be broken",
        "",
        "^C ends it and leaves nothing behind.",
    ]
    return "\n".join(lines)


def _post(stack: Stack, path: str, key: str) -> str:
    return f"curl -s -d '{{\"{key}\": true}}' {stack.urls['control']}/{path}"


def _raise_end(*_: object) -> NoReturn:
    raise EndError


def _within(kind: type[Number], least: float, most: float) -> Callable[[str], Number]:
    """Return what reads a number between two others."""

    def read(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
        return value

    return read


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m compose.demo", description="Run the whole stack on the loopback, with a simulated platform."
    )
    parser.add_argument(
        "--port-base", type=_within(int, 1024, 65535 - len(NAMES) + 1), default=PORT_BASE, metavar="PORT",
        help=f"first of {len(NAMES)} ports ({PORT_BASE})",
    )  # fmt: skip
    parser.add_argument("--keep", action="store_true", help="keep the folder with data, configs and logs")
    parser.add_argument("--minutes", type=_within(float, 0, 1e6), metavar="N", help="end by itself after so long")
    parser.add_argument("--days", type=_within(int, 1, 90), default=30, metavar="N", help="days of history (30)")
    parser.add_argument(
        "--pace", type=_within(float, 0.01, 20), default=1.0, metavar="X", help="multiplies the platform's traffic (1)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
