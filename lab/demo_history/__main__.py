"""`python -m lab.demo_history`: serve the demo until interrupted; prints the address and how long it took."""

import argparse
import contextlib
import tempfile
import time
from pathlib import Path

from lab.demo_history.server import demo
from lab.toolchain import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, default=ROOT / "watchbill.yaml")
    parser.add_argument("--port", type=int, default=None, help="default: any free one")
    parser.add_argument("--hours", type=float, default=26, help="length of the past")
    parser.add_argument("--ahead", type=int, default=3600, help="seconds of history beyond now")
    parser.add_argument("--leg", default="", help="system, trixie or sid; default: the newest")
    options = parser.parse_args()
    began = time.monotonic()
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        length = {"hours": options.hours, "ahead": options.ahead}
        one = stack.enter_context(demo(options.spec, folder, leg=options.leg, port=options.port, **length))
        print(f"{one.server.url}  now={one.now}  ready after {time.monotonic() - began:.0f} s", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
