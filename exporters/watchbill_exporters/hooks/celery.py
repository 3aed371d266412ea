"""Celery's messages hold no time of their own: `import watchbill_exporters.hooks.celery` where tasks are sent.

From then on each message says when it was sent, in one header; the queue exporter's ages are exact.
"""

from __future__ import annotations

import time
from typing import Any

from celery.signals import before_task_publish

from watchbill_exporters.hooks import ENQUEUED_AT


@before_task_publish.connect(weak=False, dispatch_uid=ENQUEUED_AT)  # type: ignore[untyped-decorator]
def stamp(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Write the time, over that of the first attempt when Celery hands a retry its old headers."""
    if headers is not None:
        headers[ENQUEUED_AT] = time.time()
