"""`python -m compose.healthy URL`: exits with 0 when the page answers; for health checks in images without curl."""

from __future__ import annotations

import sys
import urllib.request

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # a proxy has no business on the loopback


def main() -> int:
    try:
        with OPEN(sys.argv[1], timeout=3):
            return 0
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201 - what `docker inspect` shows
        return 1


if __name__ == "__main__":
    sys.exit(main())
