"""Asks the frontend, by Temporal's own client; replies of the wire are given on as they are."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.temporal.config import TemporalConfig

TYPES = {"workflow": 1, "activity": 2}  # TaskQueueType of temporal.api.enums.v1
REASONS = {
    "cancelled": Reason.TIMEOUT,
    "deadlineexceeded": Reason.TIMEOUT,
    "unavailable": Reason.CONNECT,
    "unauthenticated": Reason.AUTH,
    "permissiondenied": Reason.PERMISSION,
    "unimplemented": Reason.VERSION,
}
_STATUS = re.compile(r"Status \{ code: (\w+)")


@dataclass(frozen=True)
class Replies:
    """Replies by (task queue, type), and by schedule."""

    queues: dict[tuple[str, str], Any]
    schedules: dict[str, Any]


def ask(config: TemporalConfig, deadline: Deadline) -> Replies:
    """Raise ScrapeError."""
    with _translated():
        return asyncio.run(asyncio.wait_for(_ask(config, deadline), deadline.left()))


async def _ask(config: TemporalConfig, deadline: Deadline) -> Replies:
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeScheduleRequest, DescribeTaskQueueRequest
    from temporalio.service import ConnectConfig, ServiceClient, TLSConfig

    options = ConnectConfig(
        target_host=config.address,
        api_key=config.api_key.reveal() if config.api_key is not None else None,
        tls=TLSConfig(server_root_ca_cert=config.authorities) if config.authorities else config.tls,
        identity="watchbill-exporter",
        lazy=True,
    )
    service = (await ServiceClient.connect(options)).workflow_service
    patience = timedelta(seconds=deadline.left())
    queues = {}
    for name in config.task_queues:
        for kind, number in TYPES.items():
            request = DescribeTaskQueueRequest(
                namespace=config.namespace,
                task_queue=TaskQueue(name=name),
                task_queue_type=number,  # type: ignore[arg-type]
                report_stats=True,
            )
            queues[name, kind] = service.describe_task_queue(request, retry=False, timeout=patience)
    schedules = {
        name: service.describe_schedule(
            DescribeScheduleRequest(namespace=config.namespace, schedule_id=name), retry=False, timeout=patience
        )
        for name in config.schedules
    }
    replies = await asyncio.gather(*queues.values(), *schedules.values())
    return Replies(dict(zip(queues, replies, strict=False)), dict(zip(schedules, replies[len(queues) :], strict=True)))


@contextmanager
def _translated() -> Iterator[None]:
    from temporalio.service import RPCError

    try:
        yield
    except TimeoutError:
        raise
    except RPCError as error:
        raise ScrapeError(reason(error.status.name), f"{error.status.name}: {error}") from error
    except RuntimeError as error:  # all that the bridge says of a connection that fails is a text
        refused = _STATUS.search(str(error))
        raise ScrapeError(reason(refused[1]) if refused else Reason.CONNECT, str(error)) from error


def reason(status: str) -> Reason:
    """Return the reason of a status of gRPC, spelled as NOT_FOUND or as NotFound."""
    return REASONS.get(status.replace("_", "").lower(), Reason.PARSE)
