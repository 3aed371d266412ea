"""`python -m compose.demo.serve`: the control API beside a stack that somebody else runs, such as docker compose."""

from __future__ import annotations

import argparse
import signal
import time
from pathlib import Path

from compose.demo.api import Api, Server
from compose.demo.family import Family
from compose.demo.faults import Faults, PlatformAwayError
from compose.demo.mailbox import Mailbox


def main() -> None:
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    family = Family()
    faults = Faults(family, options.simulator)
    host, _, port = options.listen.rpartition(":")
    urls = dict(pair.split("=", 1) for pair in options.url)
    server = Server((host, int(port)), Api(urls, faults, family, Mailbox()), options.site)
    try:
        _learn(faults)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _learn(faults: Faults, patience: float = 60.0) -> None:
    """Ask the platform for its faults, once it is there."""
    deadline = time.monotonic() + patience
    while True:
        try:
            faults.learn()
        except PlatformAwayError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m compose.demo.serve", description=__doc__)
    parser.add_argument("--listen", default="127.0.0.1:9462", metavar="HOST:PORT")
    parser.add_argument("--simulator", required=True, metavar="URL", help="where the simulator's own pages are")
    parser.add_argument("--site", required=True, type=Path, metavar="FOLDER", help="the runbook site")
    parser.add_argument("--url", action="append", default=[], metavar="NAME=URL", help="shown at /urls")
    return parser


if __name__ == "__main__":
    main()
