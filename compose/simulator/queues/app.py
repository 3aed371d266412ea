"""The Celery application of the platform; BROKER says where its Redis is. Workers and the sender both use it."""

from __future__ import annotations

import os
import time

from celery import Celery

import watchbill_exporters.hooks.celery  # noqa: F401 - messages say when they were sent: exact ages

TASK = "work"

app = Celery("platform", broker=os.environ.get("BROKER", "redis://127.0.0.1:9/0"))
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    task_send_sent_event=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
)


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def work(seconds: float, fails: bool = False) -> None:  # noqa: FBT001, FBT002 - as messages carry it
    """One job: it takes its time, and may fail."""
    time.sleep(seconds)
    if fails:
        raise RuntimeError("could not finish the job")
