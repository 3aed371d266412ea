"""A DBOS application: `DATABASE=... python -m tests.exporters.queue.dbos.app`, with `cron` one that has a schedule."""

import os
import sys
import time
from datetime import datetime
from typing import Any

from dbos import DBOS

DBOS(
    config={
        "name": "tests",
        "system_database_url": os.environ["DATABASE"],
        "log_level": "ERROR",
        "application_version": "1",
    }
)


@DBOS.workflow(name="nap")
def nap(seconds: float) -> None:
    time.sleep(seconds)


@DBOS.workflow(name="fail")
def fail() -> None:
    raise RuntimeError("as asked")


@DBOS.workflow(name="fan")
def fan(at: datetime, context: Any) -> None:
    fanned = DBOS.retrieve_queue("fanned")
    assert fanned is not None
    for _ in range(5):
        fanned.enqueue(nap, 0.0)


if __name__ == "__main__":
    DBOS.launch()
    DBOS.register_queue("mail", worker_concurrency=1, polling_interval_sec=0.1)
    DBOS.register_queue("fanned", polling_interval_sec=0.1)
    if "cron" in sys.argv:
        DBOS.create_schedule(schedule_name="every-two", workflow_fn=fan, schedule="*/2 * * * * *")
    print("launched", flush=True)
    time.sleep(3600)
