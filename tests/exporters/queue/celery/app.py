"""The Celery application of the tests; BROKER says where."""

from __future__ import annotations

import os
import time

from celery import Celery

app = Celery("app", broker=os.environ.get("BROKER", "redis://127.0.0.1:9/0"))
app.conf.update(
    broker_transport_options={"priority_steps": [0, 3, 6, 9]},
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_send_sent_event=True,
    broker_connection_retry_on_startup=True,
)


@app.task(name="nap")  # type: ignore[untyped-decorator]
def nap(seconds: float = 0.0) -> None:
    time.sleep(seconds)


@app.task(name="fail")  # type: ignore[untyped-decorator]
def fail() -> None:
    raise RuntimeError("as asked")
