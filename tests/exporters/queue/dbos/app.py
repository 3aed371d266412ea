"""A DBOS application: `DATABASE=... python -m tests.exporters.queue.dbos.app`; commands come as lines on stdin."""

import os
import sys
import time
from datetime import datetime
from typing import Any

from dbos import DBOS, EnqueueOptions, SetEnqueueOptions

DBOS(
    config={"name": "tests", "system_database_url": os.environ["DATABASE"], "log_level": "ERROR", "run_admin_server": False}
)


@DBOS.workflow()
def nap(seconds: float) -> None:
    time.sleep(seconds)


@DBOS.workflow()
def fail() -> None:
    raise RuntimeError("as asked")


@DBOS.workflow()
def fan(at: datetime, context: Any) -> None:
    for _ in range(5):
        DBOS.retrieve_queue("fanned").enqueue(nap, 0.0)
