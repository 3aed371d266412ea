"""The procrastinate application of the tests; DATABASE says where."""

from __future__ import annotations

import os
import time

from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector(conninfo=os.environ.get("DATABASE", "")))


@app.task(name="nap", queue="naps")
def nap(seconds: float = 0.0) -> None:
    time.sleep(seconds)


@app.task(name="fail", queue="naps")
def fail() -> None:
    raise RuntimeError("as asked")


@app.task(name="shaky", queue="naps", retry=1)
def shaky() -> None:
    raise RuntimeError("as asked")


@app.task(name="tick", queue="ticks")
def tick(timestamp: int) -> None:
    """Three tenants' reports at once."""


for tenant in ("a", "b", "c"):  # they come one after the other: rarely enough for several looks at each firing
    app.periodic(cron="* * * * * */3", periodic_id=tenant)(tick)
